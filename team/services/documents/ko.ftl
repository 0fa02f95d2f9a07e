### What document_analysis says of what it found.

found = 모두 { $pages }쪽에서 의무 { $obligations }건, 날짜 { $dates }건, 금액 { $amounts }건, 기간 { $periods }건을 찾았습니다. 고객 응대 지침과 어긋나는 곳은 { $contradictions }곳입니다.
