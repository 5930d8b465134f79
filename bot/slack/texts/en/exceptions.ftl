# Exceptions to ceilings: asking, deciding, and what became of it.

exception-form-title = Ask for an exception
exception-form-ceiling = Which ceiling?
exception-form-amount = How much more do you need?
exception-form-amount-hint = In dollars or tokens, like the ceiling itself: 50, or 2,000,000
exception-form-until = Until when?
exception-form-until-hint = It ends by itself after that day, at most { $days ->
    [one] { $days } day
   *[other] { $days } days
} from now.
exception-form-why = What for?
exception-form-why-hint = What the work is, and what it brings. Whoever decides reads it.
exception-form-no-why = Please write a few words: whoever decides has nothing else to go by.
exception-form-no-day = Please choose a day from today on, at most { $days ->
    [one] { $days } day
   *[other] { $days } days
} from now.
exception-form-no-ceiling = That ceiling no longer applies to you. Please close this and start again.
exception-no-ceilings = No ceiling applies to your work, so you need no exception.
exception-nobody = There is nobody who could decide: the ceiling has no owner, you have no manager here, and AI ops cannot be reached.
exception-sent = { $name } is asked, privately. You hear as soon as it is decided.
exception-sent-ops = AI ops are asked. You hear as soon as it is decided.
exception-one-open = You have asked about that ceiling already, and it is not decided yet. `{ $command } exceptions` shows it.

exception-ceiling = { $budget }: { $amount } a { $period }
exception-ceiling-of = { $budget } ({ $subject }): { $amount } a { $period }

exception-title = { $state ->
    [asked] An exception is asked for
    [asked_back] A question about an exception
    [approved] Exception approved
    [declined] Exception declined
    [withdrawn] Exception taken back
    [ending] An exception ends soon
   *[expired] Exception over
}
exception-what = *{ $name }* asks for { $amount } more under *{ $budget }* until { $until }.
exception-what-of = *{ $name }* asks for { $amount } more under *{ $budget }* ({ $subject }) until { $until }.
exception-used = Used so far: { $used } of { $allowed }.
exception-used-part = { $name } has used { $part } of it so far; an equal share is { $share }.
exception-why = What for: { $why }
exception-question = { $name } asks: { $note }
exception-answer = { $name } answers: { $note }
exception-waits-for-answer = It waits for an answer from { $name }.
exception-decided-approved = Approved by { $name }. It ends by itself.
exception-decided-less = { $name } approved { $granted } of it. It ends by itself.
exception-decided-declined = Declined by { $name }: { $note }
exception-decided-withdrawn = Taken back by { $name }.
exception-decided-expired = Its time is over.
exception-about = Approve, and bands and budgets follow in a moment. Nobody decides what they asked for themselves.
exception-escalated = Nobody has answered for { $days ->
    [one] { $days } working day
   *[other] { $days } working days
}, so it comes to you as well.
button-approve-exception = Approve
button-approve-less = Approve less
button-decline-exception = Decline
button-ask-back-exception = Ask back
button-answer-exception = Answer
button-withdraw-exception = Take back
button-ask-exception = Ask for an exception

exception-less-title = Approve less
exception-less-amount = How much more?
exception-less-hint = { $name } asks for { $amount }.
exception-less-why = Why? (it helps to know)
exception-less-too-much = Please write an amount that is not above { $amount }.

exception-decline-title = Decline
exception-decline-why = Why?
exception-decline-hint = { $name } reads it, with your name.
exception-ask-back-title = Ask back
exception-ask-back-what = What do you want to know?
exception-answer-title = Answer
exception-answer-what = Your answer
exception-no-words = Please write a few words.

exception-done-approved = Approved. { $name } hears of it; bands and budgets follow in a moment.
exception-done-declined = Declined. { $name } hears of it, with your reason.
exception-done-asked_back = Asked. You hear as soon as { $name } has answered.
exception-done-asked = Your answer is on its way to whoever decides.
exception-done-withdrawn = Taken back.
exception-was-decided = That is decided already: { $state ->
    [approved] approved
    [declined] declined
    [withdrawn] taken back
    [expired] its time is over
    [asked_back] a question is open
   *[asked] it waits for a decision
}.
exception-gone = There is no such request.
exception-ceiling-gone = The program has no such ceiling any more, so there is nothing to approve. Please decline it, or ask back.
exception-over = The time that was asked for is over.

exception-news-approved = { $name } approved it: you may use { $amount } more under *{ $budget }* until { $until }. Bands and budgets follow in a moment.
exception-news-less = { $name } approved less than the { $asked } that you asked for: you may use { $amount } more under *{ $budget }* until { $until }. Bands and budgets follow in a moment.
exception-news-declined = { $name } declined it: { $note }
exception-news-declined-help = Look at smaller models and at what can be cached, or ask what would change the answer.
exception-news-asked_back = { $name } wants to know more: { $note }
exception-news-withdrawn = { $name } took back the exception of { $amount } under *{ $budget }*. The usual ceiling holds again.
exception-news-expired = The time that you asked for is over, and nobody had decided. That should not happen, sorry. If you still need it, ask AI ops.
exception-news-unanswered = The question about { $amount } more under *{ $budget }* was still open when its time was over. If you still need it, ask again.
exception-news-ends = Your exception of { $amount } under *{ $budget }* ends after { $until }; the usual ceiling holds again then. If the work needs more, ask now.
exception-ends-for = The exception of { $amount } under *{ $budget }* that you approved for { $name } ends after { $until }. The usual ceiling holds again then.
exception-news-text = { $title }: { $budget }

exceptions-title = Exceptions
exceptions-none = You have not asked for an exception lately, and none waits for your decision.
exceptions-own = *Yours*
exceptions-line = • { $amount } more under *{ $budget }* until { $until }: { $state }
exceptions-state = { $state ->
    [asked] waits for a decision
    [asked_back] a question is open: { $note }
    [approved] approved by { $name }
    [declined] declined by { $name }
    [withdrawn] taken back
   *[expired] over
}
exceptions-waiting = *Waiting for you*
