### What a client shows of the shop's handbook in its menus: a prompt by its function's name, and the resources.

answer_a_policy_question =
    A customer asks: { $question }

    Answer from the shop's handbook alone: find it with search_policies, read the whole policy with get_policy where a passage is not enough, and cite the policy ids. If the handbook doesn't cover it, say so.
    .title = Answer a policy question
    .description = Answer a question from the shop's handbook, citing it.
policy = Policy
    .description = One policy of the shop's handbook, in the reader's language where there is one.
policy_in_a_language = Policy in a language
    .description = One policy of the shop's handbook, in the language its address names.
