# What people share with each other: the forms, the list, the post, and what becomes of a review.

shared-kind = { $kind ->
    [prompt_template] prompt template
    [documentation] document
    [office_hours] session or office hours
    [onboarding] onboarding help
    [tool] tool
   *[other] something useful
}

share-title = Share something
share-kind = What is it?
share-name = Title
share-link = Link
share-link-hint = Where colleagues find it. The link is kept, never what stands behind it.
share-words = One sentence about it
share-words-hint = Only for the channel; it is not kept.
share-where = Tell the channel?
share-where-channel = Tell the channel
share-where-list = Keep it in the list
button-share = Share
share-no-title = Please give it a title.
share-no-link = A link begins with https:// or http:// and has no spaces.
share-known = A colleague has shared that link already.
share-again = You have shared that one already. It is on the list.
share-too-many = That is a lot for one day. Please share more tomorrow, so that colleagues can keep up.
share-done = Thank you! *{ $title }* is on the list. It counts for your team once a colleague who does not report to you has reviewed it.
share-posted = It will be posted in { $channels } in a moment, provided that I am there.

shared-posted = *{ $name }* shared a { $kind }: *{ $title }*
shared-posted-unnamed = A colleague shared a { $kind }: *{ $title }*
shared-open = Open it
button-used = I used this
button-review = Review

library-title = What colleagues shared
library-none = Nothing new to review at the moment. Whatever helped you may help others: `{ $command } share`.
library-one = *{ $title }* ({ $kind }, by { $author })
library-figures = { $reviews ->
    [0] Not reviewed yet
    [one] { $reviews } review
   *[other] { $reviews } reviews
}, { $users ->
    [0] and nobody has said yet that they used it.
    [one] used by { $users } colleague.
   *[other] used by { $users } colleagues.
}
library-more = … and { $count } more.
shared-colleague = a colleague

review-title = Review
review-about = *{ $title }*, shared by { $author }
review-verdict = How is it?
review-helpful = Helpful
review-needs-work = Needs work
review-comment = A few words to the author
review-comment-hint = The author alone reads them, with your name. They are not kept with the review.
review-no-verdict = Please choose one.
review-done = Thank you! The author gets your review privately.
review-done-unreached = Thank you! It is noted. I cannot reach the author in Slack, so please tell them yourself.
review-again = You have reviewed that one already.
review-own = That one is yours; a colleague's eyes are needed.
review-worth-counts = Either answer counts as a review for your badges and for the author's team: what matters is that you looked.
review-worth-report = You report to the author, directly or through others, so the review counts for nothing on boards. It is welcome all the same.
review-worth-circle = The author has reviewed your work, or that of colleagues who review yours. Reviews that go round in a circle count for nobody on boards, and this one would close the circle. It is welcome all the same; one by somebody else would count.
review-told-helpful = *{ $name }* reviewed *{ $title }*: helpful.
review-told-needs-work = *{ $name }* reviewed *{ $title }*: it needs some work.
review-told-comment = “{ $comment }”

used-done = Noted, thank you: the author's team gets credit for it once it is reviewed.
used-same-team = Noted, thank you. On the team board only use by other teams counts.
used-again = You have said so already.
used-own = That one is yours; what counts is that others use it.
shared-gone = That is no longer on the list.
