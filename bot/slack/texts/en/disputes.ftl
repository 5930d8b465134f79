# Disputes: somebody says that something about them is wrong, and a person answers.

dispute-form-title = Dispute
dispute-form-matter = What is wrong?
dispute-form-why = What should it be, and why?
dispute-form-why-hint = A person of AI ops reads it and answers within { $days ->
    [one] { $days } working day
   *[other] { $days } working days
}. Please no prompts and no answers.
dispute-form-no-why = Please write a few words: whoever answers has nothing else to go by.
dispute-form-no-matter = That is not there any more. Please close this and start again.
dispute-nothing = There is nothing to dispute yet: you have no score, band, badge or flag.
dispute-nobody = Nobody could answer: I can reach nobody of AI ops in Slack. Whoever installed me can name them in the program file.
dispute-again = You have an open dispute about that already. `{ $command } disputes` shows it.
dispute-sent = It is with AI ops. A person answers by { $due }, and you hear it here.

dispute-matter-score = My score: { $board }
dispute-matter-band = My band: { $band ->
    [red] red
    [yellow] yellow
    [green] green
   *[no_data] no band yet
}
dispute-matter-badge = A badge: { $badge } ({ $period })
dispute-matter-badge-taken = A badge that was taken back: { $badge } ({ $period })
dispute-matter-badge-held = A badge that is held back: { $badge } ({ $period })
dispute-matter-flag = The question about { $kind }

dispute-title = { $state ->
    [open] A dispute
    [upheld] Dispute upheld
    [declined] Dispute declined
   *[withdrawn] Dispute taken back
}
dispute-what = *{ $name }* disputes: { $what }
dispute-why = They say: { $why }
dispute-evidence = How it stood, by version { $version } of the rules:
dispute-due = To be answered by { $due }.
dispute-decided-upheld = { $name } upheld it: { $note }
dispute-decided-declined = { $name } declined it: { $note }
dispute-decided-withdrawn = { $name } took it back.
dispute-consequence = { $consequence ->
    [recomputed] Everything is worked out again.
    [flags_dismissed] The flag is dismissed: what was held back is given, and everything is worked out again.
    [badge_restored] The badge holds again.
   *[nothing] Nothing changes.
}
dispute-about = `{ $command } disputes` lists what is open. Nobody answers a dispute of their own.
button-dispute = Dispute
button-uphold = Uphold
button-decline-dispute = Decline
button-withdraw-dispute = Take back

dispute-uphold-title = Uphold a dispute
dispute-decline-title = Decline a dispute
dispute-answer-why = Your answer
dispute-answer-hint = { $name } reads it, with your name. It stays on record.
dispute-answer-consequence = What follows?
dispute-consequence-choice = { $consequence ->
    [recomputed] It is worked out again from what is known now
    [flags_dismissed] The open flags are dismissed
   *[badge_restored] The badge holds again
}
dispute-answer-no-words = Please write a few words.
dispute-gone = There is no such dispute.
dispute-was-ended = It was ended before: { $state ->
    [upheld] upheld
    [declined] declined
   *[withdrawn] taken back
}.
dispute-done-upheld = Upheld. { $name } gets your answer; the rest follows in a moment.
dispute-done-declined = Declined. { $name } gets your answer.
dispute-done-withdrawn = Taken back.

dispute-news = { $name } of AI ops answered your dispute about “{ $what }”.
dispute-news-upheld = You were right. { $note }
dispute-news-declined = It stays as it is: { $note }
dispute-news-more = If that does not settle it, talk to { $name }, or ask with `{ $command } ask`.

disputes-title = Disputes
disputes-none = You have disputed nothing, and nothing waits for an answer.
disputes-own = *Yours*
disputes-line = • { $what }: { $state ->
    [open] open, to be answered by { $due }
    [upheld] upheld by { $name }
    [declined] declined by { $name }
   *[withdrawn] taken back
}
disputes-waiting = *Waiting for AI ops*
disputes-reminder = { $overdue ->
    [0] { $soon ->
        [one] { $soon } dispute is due
       *[other] { $soon } disputes are due
    }
    [one] { $overdue } dispute is overdue
   *[other] { $overdue } disputes are overdue
}
disputes-reminder-line = • *{ $name }*: { $what }, due { $due }
disputes-reminder-how = Whoever disputes was promised an answer by then. `{ $command } disputes` has the buttons.
