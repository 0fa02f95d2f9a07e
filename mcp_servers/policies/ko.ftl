### What a client shows of the shop's handbook in its menus: a prompt by its function's name, and the resources.

answer_a_policy_question =
    고객의 질문입니다: { $question }

    쇼핑몰 정책만 근거로 한국어로 답해 주세요. search_policies로 찾고, 구절만으로 부족하면 get_policy로 전체를 읽고, 정책 id를 함께 적어 주세요. 정책에 없으면 없다고 답해 주세요.
    .title = 정책 문의
    .description = 쇼핑몰 정책을 근거로 질문에 답합니다.
policy = 정책
    .description = 쇼핑몰 정책 하나를 읽는 분의 언어로 보여 줍니다.
policy_in_a_language = 언어별 정책
    .description = 쇼핑몰 정책 하나를 주소에 적힌 언어로 보여 줍니다.
