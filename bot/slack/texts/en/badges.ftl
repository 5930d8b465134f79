# Badges: what each person is told, what is posted, and one's own shelf.

badge-level = { $title }, { $level }
badge-learn = Learn how
badge-period = ({ $period })

badge-news-title = { $count ->
    [one] You earned a badge
   *[other] You earned { $count } badges
}
badge-news-title-for = { $count ->
    [one] You earned a badge: { $badges }.
   *[other] You earned { $count } badges: { $badges }.
}
badge-news-one = *{ $badge }* { $period }
badge-news-shown = The weekly post will name you for it next week. “Keep private” leaves it out; “Share” posts it now.
badge-news-hidden = No post names you for it, because you or the program said so. “Share” posts this one with your name all the same.
badge-news-no-post = Only you see this.
badge-news-more = … and { $count } more: see `{ $command } badges`.
button-share-badge = Share
button-keep-badge-private = Keep private

badge-shared = *{ $name }* earned *{ $badge }*.
badge-share-done = It will be posted in { $channels } in a moment, provided that I am there.
badge-share-again = You have shared that one already.
badge-private-done = It stays between us: no weekly post will name you for it.
badge-private-late = You have shared that one already, so it stands in the channel.
badge-not-yours = You don't hold that badge, or it was taken back.
badge-no-channel = The program names no channel to post in.

badge-week-title = Badges: { $days }
badge-week-badge = *{ $title }*: { $praise }
badge-week-names = { $level }: { $names }
badge-week-more-names = { $names } and { $count } more
badge-week-unnamed = { $count ->
    [one] { $count } colleague who stays unnamed.
   *[other] { $count } colleagues who stay unnamed.
}
badge-week-more = { $count ->
    [one] … and { $count } more badge.
   *[other] … and { $count } more badges.
}
badge-week-about = Badges recognise habits, never tokens or hours. Names appear only of people who were told before and did not say no.

badges-title = Your badges
badges-none = None yet. Each starts with one step:
badges-earned = • *{ $badge }* { $period }: { $text } { $learn }
badges-shared = • *{ $badge }* { $period }, shared: { $text } { $learn }
badges-kept-private = • *{ $badge }* { $period }, kept private: { $text } { $learn }
badges-next-title = *Within reach*
badges-next = • *{ $title }*: { $text } { $level } begins at { $step }. { $learn }
badges-next-withheld = • *{ $title }*: { $text } { $withheld } { $learn }
badges-nothing-measured = Nothing was measured yet in the periods under way. Figures are refreshed every day.
