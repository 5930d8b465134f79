# Bands: the private word to a person, the summary to their manager, the list for AI ops. The colour always stands in words.

band-name = { $band ->
    [red] Red band
    [yellow] Yellow band
    [green] Green band
   *[no_data] No band
}
band-title = { $band ->
    [red] Red band: something needs a change now
    [yellow] Yellow band: something deserves a look
    [green] Green band: nothing to change
   *[no_data] No band yet: there is too little to go by, and that is no warning
}
band-news-title = { $news ->
    [reminder] { $band ->
        [red] Still a red band: something needs a change now
       *[yellow] Still a yellow band: something deserves a look
    }
    [eased] Yellow band, no longer red: it gets better
    [cleared] { $band ->
        [green] Green band again: all is well
       *[no_data] No warning any more: all is well
    }
   *[worsened] { $band ->
        [red] Red band: something needs a change now
       *[yellow] Yellow band: something deserves a look
    }
}
band-news-text = { $title }. This private message says what it is about.
band-news-cleared-text = { $title }.
band-news-kind = No blame, and no rank: this is so that you know early and can decide what to do. If the work needs it, say so.
band-news-thanks = What this was about is settled. Thank you for looking into it.
band-reason = *{ $rule }* ({ $band })
    { $text } { $clears }
band-step = *What would help most:* { $step }
band-coaching-link = How others do it
band-who-knows = You hear this first. Your manager sees the band and its reasons in a daily summary, and AI ops see it; nobody else does.
button-explain-band = Explain

band-rule = { $rule ->
    [ceiling] Over a ceiling
    [soft_limit] Close to a ceiling
    [extreme_cost_spike] A week far above the usual ones
    [cost_spike] A week above the usual ones
    [policy_violation] An open policy violation
    [low_value] Costly for what gets accepted
    [open_flag] An open question about unusual use
   *[hold] Calm again, waiting to be sure
}
band-none = Your band has not been worked out yet. Bands are refreshed every hour.
band-clear = { $band ->
    [green] Nothing to change.
   *[no_data] You used AI on too few days to say anything.
}
band-since = Shown since { $since }, by version { $version } of the rules.

band-figures = { $value } against a limit of { $limit } { $unit }

band-explained-title = Your band, explained
band-explained-reason = • *{ $rule }*: { $figures }, from { $events ->
    [one] { $events } event
   *[other] { $events } events
}. { $clears }
band-explained-hold = • *{ $rule }*: { $text }
band-explained-worst = The worst reason decides the band.
band-explained-change = A worse band shows at once; a better one after { $hold ->
    [one] { $hold } calm day
   *[other] { $hold } calm days
}. No warning comes twice within { $renotify ->
    [one] { $renotify } day
   *[other] { $renotify } days
}.
band-explained-proved = Only usage that is certainly yours counts. A band touches no rank and no score.

reports-bands-title = { $count ->
    [one] { $count } of your reports has a yellow or red band
   *[other] { $count } of your reports have a yellow or red band
}
reports-bands-none = None of your reports has a yellow or red band any more
reports-bands-text = { $title }. This private message says who, and why.
bands-line = • *{ $name }*: { $band }. { $reasons }
reports-bands-cleared = Clear again: { $names }.
reports-bands-reason = { $rule } ({ $figures }). { $advice }
reports-bands-reason-bare = { $rule }. { $advice }
reports-bands-about = They have heard it before you. A band is no judgement of a person; ask before you conclude. At most one such message comes a day.
band-advice = { $rule ->
    [ceiling] Is the work worth it? Then support an exception; if not, look at smaller models together.
    [soft_limit] Ask what the rest of the period needs, before the ceiling is reached.
    [extreme_cost_spike] Ask today what is different this week, and whether something runs unattended.
    [cost_spike] Ask what is different this week, and whether something runs unattended.
    [policy_violation] Go through the policy together; a safe-use milestone of the same name settles it.
    [low_value] Look at a few tasks together: what took many tries, and would a smaller model do?
    [open_flag] AI ops look at it; there is nothing for you to do.
   *[hold] There is nothing to do; it clears by itself.
}
reports-band = { $line }: { $band }

ops-bands-title = Bands: { $red } red, { $yellow } yellow
ops-bands-changes = Since yesterday: { $worse } worse, { $better } better.
bands-line-untold = • *{ $name }*: { $band }, not told yet. { $reasons }
ops-bands-reason = { $rule } ({ $figures }).
ops-bands-reason-bare = { $rule }.
ops-bands-about = What to do: red first. Each person is told privately, their manager in a daily summary. `bandstand explain EMAIL --bands` takes one apart.
