### What the desk says where no model speaks.

stopped = I've stopped. What would you like me to do instead?
model_down = I'm sorry, I can't answer right now because our assistant is unavailable.
tools_down = I'm sorry, I can't look anything up right now because the shop's system isn't responding.
too_slow = I'm sorry, this was taking too long, so I stopped.
looped = I'm sorry, I looked up several things but couldn't finish. Could you ask for one thing at a time?
cut_off = I'm sorry, I was interrupted partway through your request and couldn't finish it.
failed = I'm sorry, something went wrong on our side and I couldn't finish.
not_kept = I'm sorry, the shop's system isn't responding, so I couldn't finish. Please check your order before you try again in a few minutes.
nothing_changed = Nothing was changed.
unsure = I don't know whether the last change went through. Please check before you ask for it again.
was_done = This was done: { $change }.
try_again = Please try again in a few minutes.
nothing_to_say = I'm sorry, I couldn't find an answer to that. Could you put it another way?
log_in = Please log in first so that I can see your orders and help you.
who_are_you = I can help with our products and policies right away. For orders, returns and requests, I need to know who you are: please send me the email address and postcode on your account.
welcome = Hello! I can tell you about our products and policies right away, and help with orders, returns and requests once I know who you are. What can I do for you?
you_are_welcome = You're welcome! Just ask if you need anything else.
which_postcode = Thank you. Please send me the postcode on your account as well.
which_email = Thank you. Please send me the email address on your account as well.
refused = I couldn't find an account with that email address and postcode. Please check both and send them again. { $left ->
    [one] You have one try left.
   *[other] You have { $left } tries left.
}
handed_over = I couldn't confirm who you are, so I won't ask again in this chat. A person will help you: reply to your order confirmation email, or log in and ask again here. I can still answer questions about products and policies.
person_answers = A colleague has your message now. A person will answer you here; your ticket is { $ticket }.
too_long = That message is too long for me. Please send it in parts of up to 4,000 characters.
empty = Your message was empty. How can I help?
wrong_language = I'm sorry, I couldn't write my answer in English. Could you ask me again?
not_answered = I couldn't answer this part of your message: “{ $part }”
not_all_answered = I couldn't answer all of your message.
comes_next = After that, I'll ask you about the next change: { $change }.
ticket = I've passed your message on, and a colleague will look into it: ticket { $ticket }.
yes = Yes.
no = No.

# After an answer, where the message had something in it that was masked or should not have been said.
masked = For your safety, I have hidden this in your message, so nobody here can read it: { $kinds }. Please do not send card numbers, passwords or ID numbers in a chat. We never need them to help you.
insulted = I can hear that you are upset, and I would like to help. Tell me what went wrong with your order, and I will look into it.
stay_calm = I can hear that you are upset. I will do what I can to put this right.
offer_person = I am sorry that this has been so frustrating. If you would rather talk to a person, ask for one at any time, and I will pass this chat on.
no_orders = I help customers of this shop, and nothing written here changes how I work. What can I do for you about an order, a product or our policies?

# In the place of a payment method's id.
payment_method = your payment method

# What several models say together to the shop's staff.
task_write = Shall { $tool } be called with { $arguments }?
task_missing = { $step } ({ $model }) gave no answer: { $why }
task_no_plan = No usable plan was made, so the question was answered in one step.
vote_tied = No majority: { $options } have the same number of votes.
vote_none = No model chose one of the options.
vote_line = { $option }: { $votes } ({ $models })
vote_silent = No vote: { $models }
vote_agree = All models agree.
vote_disagree = The models disagree.
