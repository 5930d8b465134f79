# What can be asked.

help-unknown = I don't know “{ $word }”.
help-suggestion = I don't know “{ $word }”. Did you mean `{ $command } { $suggestion }`?
help-rank = `{ $command } rank`: your place, what made it and one next step. Only you see it.
help-rank-team = `{ $command } rank team`: the same for your team.
help-leaderboard = `{ $command } leaderboard [team or outcome]`: the first places of a board. Only you see it, until you share it.
help-rules = `{ $command } rules`: how it all works, in plain language.
help-privacy = `{ $command } privacy`: whether posts may show your name.
help-connect = `{ $command } connect`: a token of your own and the lines to paste, to count your Claude Code usage.
help-help = `{ $command } help`: this.
