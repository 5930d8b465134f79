# What people are told privately before their name can appear anywhere.

welcome-hello = Hello! You are part of *{ $program }*. It recognises work that AI helped you get done, for what it cost; using more AI than needed helps nobody here.
welcome-measured = *What is measured:* model calls (model, tokens, cost, when) and finished work (merged, resolved, approved). *What is not:* prompts and answers are never stored, logged or shown.
welcome-who-sees-what = *Who sees what:* your place and your figures are for you, and for AI ops, who run the program. Nobody posts the bottom of a board.
welcome-naming = { $rule ->
    [opt_out] If you get among the first of a board, the weekly post may show your name. If you would rather not, one click keeps it out, now or any time.
    [opt_in] The weekly post shows your name only if you say yes, and you can change your mind any time.
   *[off] Posts name teams, never people.
}
welcome-ask = Type `{ $command } rank` any time to see where you stand and what would help most.
