// Starts the Slack of npm's `emulate` package on 127.0.0.1 and gives it hands: node launch.mjs PORT
//
// The package keeps the state and answers the Web API. What it lacks for a bot is added in front of it: arguments in the
// query (slack_sdk sends most there), refused tokens, and signed deliveries of what people type, click and fill in.
//   POST /hands/slash | interact | event {"url": …}   delivers it to the app; gives the app's answer
//   GET  /hands/state    what the emulated Slack keeps        GET /hands/responses   what came to response_urls
import { createHmac, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createEmulator } from 'emulate'

const port = Number(process.argv[2])
const base = `http://127.0.0.1:${port}`
const seed = JSON.parse(readFileSync(new URL('seed.json', import.meta.url), 'utf8'))
const secret = seed.slack.signing_secret

// createEmulator hides the store; the plugin that it registers gets it.
const dist = dirname(fileURLToPath(import.meta.resolve('emulate')))
const bundle = readdirSync(dist).find(
  (name) => /^dist-.*\.js$/.test(name) && readFileSync(join(dist, name), 'utf8').includes('name: "slack"'),
)
const { slackPlugin, getSlackStore } = await import(pathToFileURL(join(dist, bundle)))

let store
const responses = []
const tables = () => getSlackStore(store)

const register = slackPlugin.register
slackPlugin.register = (app, given, ...others) => {
  store = given
  register(app, given, ...others)
  const inner = app.fetch
  app.fetch = (request) => {
    const path = new URL(request.url).pathname
    if (path.startsWith('/hands/')) return hands(path.slice('/hands/'.length), request)
    return path.startsWith('/api/') ? webApi(inner, request) : inner(request)
  }
}

async function webApi(inner, request) {
  const url = new URL(request.url)
  const body = request.method === 'GET' ? '' : await request.text()
  const isJson = (request.headers.get('content-type') ?? '').includes('json')
  const sent = isJson ? JSON.parse(body || '{}') : Object.fromEntries(new URLSearchParams(body))
  const token = (request.headers.get('authorization') ?? '').replace('Bearer ', '')
  if (!tables().tokens.findOneBy('token', token)) return Response.json({ ok: false, error: 'invalid_auth' })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' }
  const merged = JSON.stringify({ ...Object.fromEntries(url.searchParams), ...sent })
  const answer = await inner(new Request(base + url.pathname, { method: 'POST', headers, body: merged }))
  return answer.status === 404 ? Response.json({ ok: false, error: 'unknown_method' }) : answer
}

async function hands(what, request) {
  const given = request.method === 'POST' ? JSON.parse((await request.text()) || '{}') : {}
  const team = tables().teams.all()[0].team_id
  const response_url = `${base}/hands/response`
  const person = given.user ?? ''
  if (what === 'response') {
    responses.push(given)
    return new Response('ok')
  }
  if (what === 'responses') return Response.json(responses)
  if (what === 'state') {
    const kept = ['users', 'channels', 'messages', 'views']
    return Response.json(Object.fromEntries(kept.map((name) => [name, tables()[name].all()])))
  }
  if (what === 'slash') {
    const form = {
      command: given.command,
      text: given.text ?? '',
      user_id: person,
      channel_id: given.channel,
      team_id: team,
      response_url,
      trigger_id: trigger(person, team),
    }
    return deliver(given.url, new URLSearchParams(form).toString(), 'application/x-www-form-urlencoded')
  }
  if (what === 'interact') {
    const common = { team: { id: team }, user: { id: person, team_id: team }, trigger_id: trigger(person, team, given.payload.view) }
    const reply = given.payload.channel ? { response_url } : {}
    const payload = JSON.stringify({ ...common, ...reply, ...given.payload })
    return deliver(given.url, new URLSearchParams({ payload }).toString(), 'application/x-www-form-urlencoded')
  }
  if (what === 'event') {
    const envelope = { type: 'event_callback', team_id: team, event_id: randomUUID(), event: given.event }
    return deliver(given.url, JSON.stringify(envelope), 'application/json')
  }
  return new Response('no such hand', { status: 404 })
}

async function deliver(url, body, type) {
  const now = String(Math.floor(Date.now() / 1000))
  const signature = 'v0=' + createHmac('sha256', secret).update(`v0:${now}:${body}`).digest('hex')
  const headers = { 'content-type': type, 'x-slack-request-timestamp': now, 'x-slack-signature': signature }
  const answer = await fetch(url, { method: 'POST', headers, body })
  return Response.json({ status: answer.status, body: await answer.text() })
}

function trigger(user_id, team_id, view) {
  const trigger_id = randomUUID()
  const expires_at = Math.floor(Date.now() / 1000) + 3
  const record = { trigger_id, team_id, user_id, app_id: 'A0BANDSTAND', expires_at, used: false }
  tables().viewTriggers.insert(view ? { ...record, view_id: view.id } : record)
  return trigger_id
}

// The package gives users and channels ids of its own; ours are those of the seed.
function pinIds() {
  for (const { name, id } of seed.slack.users) {
    const row = tables().users.all().find((one) => one.name === name)
    for (const channel of tables().channels.all()) {
      const members = channel.members.map((member) => (member === row.user_id ? id : member))
      tables().channels.update(channel.id, { members })
    }
    tables().users.update(row.id, { user_id: id })
  }
  for (const { name, id } of seed.slack.channels) {
    tables().channels.update(tables().channels.findOneBy('name', name).id, { channel_id: id })
  }
}

const emulator = await createEmulator({ service: 'slack', port, hostname: '127.0.0.1', baseUrl: base, seed })
pinIds()
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => emulator.close().finally(() => process.exit(0)))
console.log('ready')
