### What a customer reads of a change to a ticket of theirs.

opened = 문의 { $ticket }이(가) 접수되었습니다: { $subject }
joined = 문의 { $ticket }에 내용을 추가했습니다: { $subject }
commented = 문의 { $ticket }에 내용을 남겼습니다. 현재 상태: { $status ->
    [waiting_for_customer] 고객님 답변 대기
    [waiting_for_staff] 상담원 답변 대기
    [resolved] 해결됨
   *[open] 접수됨
}
resolved = 문의 { $ticket }이(가) 해결되었습니다.
handed_over = 상담원이 답변드립니다. 문의 번호: { $ticket }
