### What the shop says that several packages say.

# A customer's whole name.
full_name = { $first } { $last }

## Why a step of the team went as it did. What follows `reason_` is a code of storage/reasons.py.

reason_waited_for_customer = this specialist was waiting to learn who the customer is
reason_question_answered = this specialist’s question was answered
reason_person_wanted = the customer asks for a person
reason_likeliest = the likeliest of the candidates
reason_unsure = the likeliest of the candidates, only { $percent } points ahead of { $other }
reason_chosen = the model’s choice
reason_no_model = no model answered: { $why }
reason_nobody_named = the model named nobody: “{ $said }”
reason_late = no answer in time
reason_status = status { $status }
reason_status_again = status { $status }, again after { NUMBER($seconds) } s
reason_away = the connection failed
reason_unreadable = an unreadable reply ({ $error })
reason_endless = a reply without an end
reason_empty_reply = an empty reply
reason_cut = a reply cut off at its maximum length
reason_repeats = a reply that repeats itself
reason_bad_call = an unreadable tool call
reason_bad_arguments = arguments that are not a JSON object
reason_foreign = a reply in another language
reason_leaks = not for the customer: { $kinds }
reason_thought = a thought, not an answer
reason_own_words = the desk's own notice of a failure
reason_not_looked_up = a statement that was not looked up
reason_echoes = an answer that only repeats the customer
reason_declines = an answer that only says that it cannot help
reason_not_told = stated, but told by nobody: { $what }
reason_all_rest = every endpoint failed a moment ago
reason_rests = { $endpoint } failed a moment ago
reason_no_pictures = { $model } takes no pictures
reason_too_long = { $characters } characters; at most { $most } are allowed
reason_no_text = no text
reason_no_answer = empty
reason_raw_json = raw JSON
reason_payment_id = payment method ID
reason_internal_id = internal ID
reason_raw_data = raw data
reason_markup = model markup
reason_prompt = prompt
reason_tool_names = tool names reworded: { $names }
reason_masked = masked: { $kinds }
reason_card_number = card number
reason_card_code = card security code
reason_resident_number = resident registration number
reason_social_security = social security number
reason_password = password
reason_abuse = an insult
reason_orders = orders to the model, which it does not read
reason_several = { $reasons }
reason_too_slow = the answer took too long
reason_failed = the answer failed
reason_looped = the team went round in circles
reason_model_down = no model answered
reason_tools_down = the tool servers cannot be reached
reason_wrong_language = the answer was in another language
reason_cut_off = the shop stopped in the middle of the answer
reason_nothing_to_say = nothing in the answer was for the customer
