### What decision_support says of its outcome.

best = 10점 만점에 { $total }점으로 ‘{ $option }’ 쪽이 앞섭니다.
tie = 두 선택지가 { $total }점으로 같습니다. 기준에 없는 점을 보고 정해 주세요.
nothing_known = 모든 선택지에 점수가 있는 기준이 없어 추천할 수 없습니다. 점수를 직접 넣거나 도구에서 가져올 근거를 지정해 주세요.
nothing_turns = 기준 하나의 비중만 바꿔서는 결과가 달라지지 않습니다.
turns = ‘{ $criterion }’의 비중이 { $weight } 대신 { $at }이면 ‘{ $option }’ 쪽과 점수가 같아집니다.
