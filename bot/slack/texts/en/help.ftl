# What can be asked: a line of help (help-…) and the label of a button (menu-…) for each sub-command.

help-unknown = I don't know “{ $word }”.
help-suggestion = I don't know “{ $word }”. Did you mean `{ $command } { $suggestion }`?
help-help = `{ $command } help`: this.

help-work = `{ $command } work`: all of yours at once: places, next steps, privacy and tokens.
menu-work = My AI work
help-rank = `{ $command } rank [board]`: your place, or your team's, what made it and one next step. Only you see it.
menu-rank = My rank
help-leaderboard = `{ $command } leaderboard [board]`: the first places of a board. Only you see it, until you share it.
menu-leaderboard = Leaderboard
help-band = `{ $command } band`: how your use of AI stands, why, and what clears it. Private.
menu-band = My band
help-badges = `{ $command } badges`: the badges you hold, what comes next and where to learn it.
menu-badges = My badges
help-share = `{ $command } share`: something that helps you (a prompt template, a page, a tool), for colleagues to use.
menu-share = Share something
help-review = `{ $command } review`: what colleagues shared, to review it or say that you used it.
menu-review = Review what is shared
help-rules = `{ $command } rules`: how it all works, in plain language.
menu-rules = How it works
help-privacy = `{ $command } privacy`: whether posts may show your name.
menu-privacy = Privacy
help-connect = `{ $command } connect`: a token of your own and the lines to paste, to count your Claude Code usage.
menu-connect = Connect Claude Code
help-tokens = `{ $command } tokens`: the tokens that count usage as yours, each with a button to revoke it.
menu-tokens = My tokens
help-ask = `{ $command } ask`: a question or a report for the people who run the program.
menu-ask = Ask or report
help-reports = `{ $command } reports`: for managers, who reports to you.
menu-reports = My reports
help-operations = `{ $command } operations`: for AI ops, what has no owner or price, whether sources report, which secrets are used.
menu-operations = AI operations
