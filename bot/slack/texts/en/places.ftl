# One's own place on a board, and the first places of a board.

board = the { $name } board
place-title = *You on { $board }*
place-title-team = *Team { $team } on { $board }*
place-none = *You on { $board }: no place yet*
place-none-team = *Team { $team } on { $board }: no place yet*
place-not-computed = Your place has not been worked out yet. Boards are refreshed every hour.
place-private = Nobody else sees this.
place-above = That is above { $percent } % of those ranked.
place-component = • *{ $name }*: { $points } of { $most } points. { $text }
place-component-lost = • *{ $name }*: { $points } points. { $text }
place-next-step = *One next step:* { $step }

leaderboard-title = *{ $title }* ({ $ranked } ranked)
leaderboard-row = { $rank }. { $name }: { $points ->
    [one] { $points } point
   *[other] { $points } points
}
leaderboard-you = you
leaderboard-unnamed = a colleague who stays unnamed
leaderboard-own = Your place: { $row }
leaderboard-nobody = Nobody has a place yet.
leaderboard-too-few = With fewer than { $smallest } people ranked, nobody is shown.
leaderboard-shared = It will be posted here in a moment, provided that I am in this channel.
button-share-leaderboard = Share in this channel
