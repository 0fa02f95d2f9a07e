### Every word of the page. A message has plain places, or is one choice of plural forms by a number: the page fills
### them itself. Reasons of steps are in storage/words.

## The page

skip = Skip to the message field
language = Language
stand_in_short = Stand-in model
stand_in = Stand-in model: no GPU here

## Logging in

log_in = Log in
visit = Continue without logging in
visitor = Visitor
inside_link = Turns
log_out = Log out
welcome = Welcome to the shop’s desk
what_is_this = Ask about an order, a return, a product or a policy.
try_as = Try it as a demo customer
or = or log in
email = Email
password = Password

## The chat

chat = Chat
messages = Messages
conversations = Conversations
new_conversation = New chat
untitled = New conversation
search_conversations = Search
nothing_found = Nothing found.
more = More
rename = Rename
delete = Delete
delete_sure = Delete for good
keep = Keep
save = Save
copy = Copy
copied = Copied
thumb_up = Good answer
thumb_down = Bad answer
retry = Ask again
edit = Change and send again
theme = Colours
theme_system = Auto
theme_light = Light
theme_dark = Dark
no_conversations = No conversations yet.
export = Export
export_title = Download this conversation (JSON)
sources = From our policies:
greeting = How can we help?
greeting_more = Write a message, or begin with one of these.
suggest_order = Where is my order?
suggest_cancel = I want to cancel my order
suggest_return = How long do I have to return something?
suggest_product = Do you have desk lamps?
aside_tag = Customer service
aside_yes_or_no = Please answer yes or no.
write = Write a message
keys = Enter sends, Shift+Enter starts a new line
send = Send
stop = Stop
attach = Add a picture
drop_here = Drop pictures here
too_long = At most { $most } characters can be sent: { $over } too many.
room_left = { $left } characters left
remove_picture = Remove this picture
picture = Picture sent by you
picture_sending = Sending the picture
confirm = Confirm
no = No
question_title = Your confirmation is needed
question_open = Nothing happens until you confirm.
question_yes = You confirmed this.
question_no = You said no. Nothing was changed.
person = A person
with_person = A person has taken over this conversation and will answer you here.
question_with_person = No longer open: a person has taken over this conversation.
question_replaced = A newer question replaced this one.
question_expired = This question has expired. Ask again to continue.
working_start = Reading your message…
working_router = { $agent } is looking into it…
working_tool = { $agent } is using { $tool }…
working_on_it = Looking into it…
working_orders = Looking at your orders…
working_products = Looking through the products…
working_policies = Reading the shop’s policies…
working_tickets = Writing to the service desk…
working_vision = Looking at the picture…
working_stop = Stopping…
connecting = Connecting…
reconnecting = Connection lost. Reconnecting…

## The panel of steps

steps = Steps
steps_title = What the team does
close = Close
steps_for_all = Customers see these steps too: this is the demo shop, or DEBUG_MODE is on.
steps_for_staff = Only staff see these steps.
no_steps = Send a message, and each step appears here as it happens, with its timing.
servers_down = The tool servers cannot be reached.
load = { $running } running · { $waiting } waiting · KV cache { $cache }
load_away = does not answer
load_left_alone = resting after a failure
no_endpoints = No model can be used: models.toml names none or cannot be read.
endpoints_down = Cannot be reached: { $names }
turn = Turn { $number }
turn_running = running
status_done = done
status_asked = asked
status_stopped = stopped
status_failed = failed
status_lost = interrupted
totals = { $calls ->
    [one] { $calls } model call · { $prompt } + { $completion } tokens
   *[other] { $calls } model calls · { $prompt } + { $completion } tokens
}
guard_message = Guardrail: message
guard_answer = Guardrail: answer
guard_message_model = Guard's model: message
guard_answer_model = Guard's model: answer
verdict_not_run = not run
verdict_passed = passed
verdict_acted = acted
verdict_blocked = blocked
router = Router
by_rule = by a rule
by_model = by the model
by_fallback = fallback
model_call = Model
thought = What the model thought
tokens = { $prompt } + { $completion } tokens
slice = slice { $slice }
in_place_of = in place of { $own }
ticket_opened = Ticket opened
ticket_continued = Added to the ticket
stand_in_mark = stand-in
tool = Tool
arguments = Arguments
injected = injected by the server
result = Result
error_mark = error
changed = Rows changed
audit = audit { $id }
nothing = none
handoff = Handed over
question = Question
answer = Answer
muted = Handed to a person
given_back = Given back to the team
identity = Who is this?
identity_asked = asked
identity_bound = recognized
identity_refused = not recognized
identity_handed_over = left to a person
tries_left = { $tries ->
    [one] { $tries } try left
   *[other] { $tries } tries left
}
yes_by_button = yes, by button
no_by_button = no, by button
yes_by_message = yes, by message
no_by_message = no, by message

## The desk of staff

desk = Service desk
desk_login = Log in as staff to look after tickets and chats.
desk_not_yours = This page is for the shop’s staff
desk_not_yours_more = You are logged in as a customer. Your own chats are where they were.
desk_taken_over = A person of the shop has taken over this chat.
desk_queue = Queue
desk_views = What is shown
desk_traces = Turns
desk_tickets = Tickets
desk_chats = Chats
desk_gaps = Handbook
desk_search = Search tickets and customers
desk_status = Status
desk_holder = Who has it
desk_category = Subject
desk_status_unresolved = To do
desk_status_all = All tickets
desk_status_open = Open
desk_status_waiting_for_customer = Waiting for customer
desk_status_waiting_for_staff = Waiting for staff
desk_status_resolved = Resolved
desk_change_status = Change status
desk_reopen = Open again
desk_holder_any = Anybody’s
desk_holder_mine = Mine
desk_holder_nobody = Nobody’s yet
desk_category_all = Everything
desk_category_delivery = Delivery
desk_category_damage = Damage
desk_category_return = Return
desk_category_payment = Payment
desk_category_product = Product
desk_category_account = Account
desk_category_other = Other
desk_priority_low = Low
desk_priority_high = High
desk_priority_urgent = Urgent
desk_total = { $count ->
    [one] { $count } ticket
   *[other] { $count } tickets
}
desk_chats_more = Everybody’s chats, the ones used last first.
desk_gaps_more = Questions that the handbook does not answer, the most frequent first.
desk_no_gaps = No question has gone unanswered by the handbook so far.
desk_asked = { $count ->
    [one] asked once
   *[other] asked { $count } times
}
desk_of_staff = { $name } (staff)
desk_in_chat = Waits in the chat
desk_with_person = With a person
desk_due = Due { $at }
desk_overdue = Overdue since { $at }
desk_has = { $name } has it
desk_yours = Yours
desk_work = Open ticket or chat
desk_choose = Choose a ticket or a chat to look after it.
desk_back = Back to the queue
desk_way = What you write
desk_reply = Reply
desk_note = Internal note
desk_write_reply = Write to the customer
desk_write_ticket = Write on the ticket, where the customer reads it
desk_write_note = Only staff will read this
desk_canned = Ready answers
desk_draft = Draft by the team
desk_drafting = The team is looking everything up…
desk_resolve = Resolve
desk_take = Take it
desk_take_from = Take it over
desk_release = Release
desk_take_chat = Take over this chat
desk_give_back = Give the chat back
desk_team_answers = The team is answering…
desk_asked_customer = The team asked the customer:
desk_customer = Customer
desk_orders = Orders
desk_their_tickets = Tickets
desk_earlier = Earlier chats
desk_photos = Photos
desk_photo = Photo from the customer
desk_not_measured = Not looked at yet.
desk_verdict = { $verdict } ({ $confidence } sure): { $evidence }
desk_verdict_damaged = Damaged
desk_verdict_not_damaged = Not damaged
desk_verdict_unclear = Unclear

## Letting programs in

consent_login = Log in to connect a program
consent_login_more = A program is asking to use this shop on your behalf. You can decide after logging in.
consent_title = Allow “{ $client }” to connect?
consent_title_nameless = Allow a program without a name to connect?
consent_as = As { $name } ({ $email })
consent_other = Use another account
consent_staff = You are staff: it will be able to do this for every customer.
consent_may = It will be able to
consent_back = You will then be sent to { $place }.
consent_back_here = You will then be sent to a program on this computer.
consent_unchecked = The program chose this name itself. Allow only a connection that you started.
consent_from = The program comes from { $place }. Allow only a connection that you started.
consent_allow = Allow
consent_deny = Deny
consent_allowed = Allowed. Go back to the program; you can close this page. You can disconnect it at any time under “Programs” in the chat.
programs = Programs
programs_title = Connected programs
programs_more = These programs use your account. Once disconnected, a program can go on for ten minutes at most.
programs_none = No program uses your account.
programs_back = Back to the chat
program_nameless = A program without a name
program_from = Comes from { $place }
program_back = Sent you back to { $place }
program_here = A program on your computer
pictures_title = Bring a picture
pictures_login = Log in to bring a picture
pictures_login_more = A program that works for you asked for a picture. You get an id to give it.
pictures_more = Drop a picture that your program should look at. You get an id: copy it into the program.
pictures_choose = or click to choose a file
connect_title = Connect a program
connect_more = Any program that speaks MCP can use this shop for you. It asks you to log in and to allow it, once.
program_dates = Connected since { $since }. Ends on { $until } unless it is used.
disconnect = Disconnect
disconnect_sure = Disconnect for good
consent_denied = Denied. Nothing was shared, and you can close this page.
scope_read = see what “{ $server }” shows
scope_write = make changes in “{ $server }”
scope_orders_read = see orders, addresses and payment methods (no full card number)
scope_orders_write = cancel, change, return and exchange orders, and change the address
scope_products_read = search products and prices
scope_products_write = make changes to products
scope_tickets_read = read tickets to the service desk
scope_tickets_write = open tickets and write in them
scope_policies_read = read the shop’s policies
scope_policies_write = make changes to the shop’s policies
scope_vision_read = look at pictures sent to the shop
scope_vision_write = make changes to pictures
consent_go_back = Go back to { $place }
refused_title = This program was not connected
refused_request = The program sent a request that this shop cannot accept. Nothing was shared, and you can close this page.
refused_again = The shop can’t connect programs right now. Nothing was shared. Try again from the program in a minute.
refused_details = For the program’s developer:

## Questions of programs

confirm_title = Do you want this change?
confirm_login = Log in to answer
confirm_login_more = A program asks for a change in your name. Only you can say yes or no to it.
confirm_as = As { $name }
confirm_staff = It was asked for as staff of the shop.
confirm_program = Asked by
confirm_program_nameless = A program that gives no name
confirm_customer = Customer
confirm_until = Answer by
confirm_unchecked = A program asked for this in your name. Say yes only if you want it.
confirm_yes = Yes, do it
confirm_no = No
confirm_done = Done. You can close this page.
confirm_declined = You said no. Nothing was changed, and you can close this page.
confirm_expired = This question has expired. Nothing was changed. Ask for the change again.
confirm_failed = This could not be done. Nothing was changed.
confirm_changed = The facts changed in the meantime. Nothing was changed yet: this is the question as it is now.

## The API's page

docs_title = The shop’s API
docs_more = Every route, generated from the shop’s tools. Send a key or an access token as Authorization: Bearer.
docs_download = The same as OpenAPI 3.1
docs_filter = Filter by path or words
docs_none = Nothing matches.
docs_parameters = Parameters
docs_body = Body
docs_answers = Answers
docs_required = required
docs_open = no login needed
docs_scope = scope { $scope }
docs_example = Example

## Refusals, by their code

error_other_login = Another account has logged in since this page was opened. Reload it.
error_request_expired = This request has expired. Go back to the program and connect again.
error_unreachable = The shop can’t be reached. Try again.
error_bad_bearer = This key or token is not valid any more. Log in again.
error_bad_refresh_token = Your login has expired. Log in again.
error_account_needed = Log in with your email and password to do this.
error_registration_off = This shop makes its customers’ accounts itself. Ask it for one.
error_not_recognized = These do not belong to a customer who can register now. Check the email, the order number and its postcode; if you have registered before, log in.
error_customer_unknown = This is not a customer of the shop.
error_endpoint_away = The model can’t be reached right now. Try again later.
error_no_such_model = There is no such model here.
error_no_such_response = This response was not found.
error_wrong_password = The email or the password is wrong.
error_not_logged_in = You are not logged in. Log in, then try again.
error_visitors_not_welcome = You need to log in to this shop.
error_pictures_need_login = Log in to send pictures.
error_too_many_tries = Too many tries. Try again after { $at }.
error_too_many_conversations = { $seconds ->
    [one] You have started too many conversations. Try again in { $seconds } second.
   *[other] You have started too many conversations. Try again in { $seconds } seconds.
}
error_too_many_messages = { $seconds ->
    [one] You have sent too many messages. Try again in { $seconds } second.
   *[other] You have sent too many messages. Try again in { $seconds } seconds.
}
error_too_many_turns = { $seconds ->
    [one] Your other conversations are still being answered. Try again in { $seconds } second.
   *[other] Your other conversations are still being answered. Try again in { $seconds } seconds.
}
error_pictures_full = { $minutes ->
    [one] You have sent too many pictures in one day. Try again in { $minutes } minute.
   *[other] You have sent too many pictures in one day. Try again in { $minutes } minutes.
}
error_slow_body = { $seconds ->
    [one] Sending took too long, and nothing arrived. Try again in { $seconds } second.
   *[other] Sending took too long, and nothing arrived. Try again in { $seconds } seconds.
}
error_too_many_slow_bodies = { $seconds ->
    [one] Too many requests from your network are still arriving. Try again in { $seconds } second.
   *[other] Too many requests from your network are still arriving. Try again in { $seconds } seconds.
}
error_other_site = This request came from another site, so it was refused.
error_conversation_busy = Your last message is still being answered. Wait for the answer, or stop it.
error_database_busy = The shop is busy with other changes; nothing was changed. Try again in a minute.
error_disk_full = The shop can’t save anything right now. Nothing was changed. Try again later.
error_database_gone = The shop can’t be reached right now. Try again in a minute.
error_answer_not_found = This answer was not found.
error_conversation_not_found = This conversation was not found.
error_no_such_question = This question is no longer open. Ask again to continue.
error_no_such_program = This program is no longer connected.
error_order_not_found = This order was not found.
error_product_not_found = This product is no longer sold here.
error_product_picture_not_found = There is no picture of this product.
error_no_such_change = There is no such question. The link is wrong, too old, or for another login.
error_otherwise_answered = This question was already answered.
error_question_expired = This question has expired. Nothing was changed. Ask for the change again.
error_tool_servers_away = The shop can’t do this right now. Nothing was changed. Try again in a minute.
error_outcome_unknown = The shop did not answer in time. It is not known whether the change was made: try again to find out.
error_not_cancellable = This order can no longer be cancelled.
error_items_not_changeable = The items of this order can no longer be changed.
error_address_not_changeable = The address of this order can no longer be changed.
error_payment_not_changeable = The payment of this order can no longer be changed.
error_not_returnable = This order cannot be returned now.
error_not_exchangeable = Items of this order cannot be exchanged now.
error_no_items = No item was named.
error_item_not_in_order = The order does not contain one of the items.
error_unpaired_items = The old and the new items do not match one to one.
error_other_product = An item can only be exchanged for another variant of the same product.
error_unavailable_item = The chosen item is no longer available.
error_same_item = The chosen item is what was ordered.
error_unknown_payment_method = The payment method is not one of yours.
error_gift_card_too_small = The gift card’s balance is too low.
error_several_payments = This order has several payments, so its payment method cannot be changed.
error_same_payment_method = The order is already paid with this payment method.
error_refund_elsewhere = The refund can only go to the original payment method or to a gift card.
error_facts_changed = The facts changed in the meantime. Nothing was changed. Ask for the change again.
error_customer_not_found = This customer was not found.
error_policy_not_found = This policy was not found.
error_image_not_found = A picture was not found. Send it again.
error_picture_not_an_image = This file is not a picture we can read. Send a PNG, JPEG, WebP or GIF.
error_picture_too_large = Pictures can be up to 10 MB.
error_picture_damaged = The picture is damaged or cut off. Send it again.
error_picture_too_many_pixels = The picture has too many pixels. Send a smaller copy.
error_picture_too_small = The picture is too small to see anything in it.
error_picture_animated = This picture is animated. Send a still one.
error_body_too_large = That is too large. Pictures can be up to 10 MB.
error_too_many_pictures = You can send up to 4 pictures at once.
error_failed = Something went wrong here. Try again.
error_staff_only = This is for the shop’s staff.
error_taken = A colleague has this ticket. Take it over from them first.
error_chat_of_staff = This is a chat of the shop’s staff, in which no customer waits.
error_nothing_to_answer = There is nothing of a known customer to answer yet.
error_nobody_can = No model can answer this within the limits that were set.
error_nobody_answered = No model answered. Try again later.
error_no_model = No model answers right now. Try again later.
error_no_classifier = No model is set up to find out what a question is about.
error_unknown_model = There is no such model here.
error_too_few_models = This mode needs two models or more.
error_task_not_found = This task was not found.
error_tools_away = The shop’s tools can’t be reached right now. Try again later.
error_handbook_away = The handbook can’t be searched right now. Try again later.
error_not_reading = Evidence can only come from tools that look things up.
error_document = The document cannot be read.
error_question = The question is empty or too long.
error_bad_parameters = Something that was given does not fit.
error_bad_body = Something that was given does not fit.
error_unknown_field = Something was given that is not asked for here.
error_no_draft = The team could not write a draft. Try again, or write the answer yourself.
error_ticket_not_found = This ticket was not found.
error_already_resolved = This ticket is already resolved.
