# For those who run the program.

report-title = AI operations, { $days }
report-text = AI operations, { $days }: { $says }
report-unattributed = *Unattributed:* { $part } of { $events } events ({ $percent } %).
report-unattributed-none = *Unattributed:* none of { $events } events.
report-unattributed-name = • { $source } · { $name }: { $events ->
    [one] { $events } event
   *[other] { $events } events
}
report-unattributed-more = { $count ->
    [one] … and { $count } more name.
   *[other] … and { $count } more names.
}
report-unattributed-advice = Import people with these addresses, or give the names as `alias:SOURCE` columns; what came before is counted too then.
report-unpriced = *Unpriced:* { $part } of { $calls } calls ({ $percent } %) have no known price and are missing in every cost.
report-unpriced-none = *Unpriced:* none of { $calls } calls.
report-rejected = *Rejected* records: { $doors }. `bandstand check` says why.
report-rejected-door = { $door } { $count }
report-rejected-none = *Rejected:* nothing.
report-parked = *Parked:* { $count ->
    [one] { $count } message
   *[other] { $count } messages
} that Slack does not take. `bandstand check` says why.
report-parked-none = *Parked:* no message to Slack.

trouble-delivery = A message of the kind { $kind } (number { $number } in the outbox) needs a look: { $error }. `bandstand check` lists what waits; docs/operations.md says what to do.
