# Teachers and their office hours.

teacher-question = Your work with AI has been steadily good { $windows ->
    [one] for a whole scoring period
   *[other] for { $windows } scoring periods in a row
}. Others could learn from how you do it.
teacher-question-what = Would you hold office hours, say an hour a fortnight? Colleagues bring a task, you show how you would go about it.
teacher-question-what-follows = If you like, the weekly post says when, with your name. Whatever you answer, only you see it, and it changes no score.
teacher-question-text = { $question } { $what }
button-teach = Yes, I'd like to
button-teach-not-now = Not now
button-teach-never = Don't ask again

teaching-form-title = Office hours
teaching-form-topic = What about?
teaching-form-topic-hint = For example: prompt caching, code review with agents
teaching-form-times = When and where?
teaching-form-times-hint = For example: every other Thursday, 15:00, #ai-help
teaching-form-consent = The weekly post and “Office hours” will show your name with this, until you stop.
teaching-form-empty = Please write a few words.
teaching-offered = Thank you! The next weekly post says so. `{ $command } teach` changes or ends it at any time.
teaching-not-now = That's fine. I won't ask for { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
teaching-never = Understood; I won't ask again. If you change your mind, `{ $command } teach` has a button.
teaching-stopped = Done: you are no longer listed. Thank you for the hours you gave.
teaching-not-asked = Office hours are offered by colleagues whose work with AI has been steadily good for a while. I'll ask you when yours has.

office-hours-title = *Office hours*: bring a task, see how a colleague would do it
office-hours-line = • *{ $name }*: { $topic } ({ $times })
office-hours-more = … and { $count } more: see the app's “Office hours”.
office-hours-none = Nobody offers office hours yet.
office-hours-own = You offer: { $topic } ({ $times }).
button-change-office-hours = Change mine
button-stop-teaching = Stop mine
button-offer-office-hours = Offer office hours
