import type { ClientEvents, ServerEvents } from '../../protocol/socket.ts'
import { readVersion } from '../version.ts'
import { EXAMPLES } from './examples.ts'
import { type JsonSchema, namedJsonSchemas, schemaRef } from './json-schemas.ts'
import type { SchemaName } from './schemas/named-schemas.ts'

const DESCRIPTION = `What viewers send and are sent: over sockets (Socket.IO 4, websocket transport), or over event streams
(server-sent events). Both are of the same rooms: each entry comes once and in order, or the viewer is told to begin anew.
HTTP is told by the OpenAPI document, /openapi.json.`

const SOCKETS = `The default namespace of Socket.IO 4. A message is an event of its name; what is given here is its argument, of \`entry\`
the list of its three. The handshake may have \`auth: {token}\`; a token never stands in a URL. Every message to the server is
answered through its acknowledgement. The first \`entry\` after the answer to a \`join\` is \`position.seq + 1\`.`

const STREAMS = `An event stream (WHATWG HTML). It begins with \`resumed\` or \`restarted\`; entries are unnamed events whose \`id\` is the position behind
them, which browsers send back as Last-Event-ID; with \`?after=\` a first connection says where it stands.`

interface Message {
  readonly schema: SchemaName
  readonly summary: string
}

/** What a socket sends, each with what its acknowledgement is given. */
const REQUESTS = {
  join: { schema: 'JoinRequest', answer: 'JoinAnswer', summary: 'Enter the room of an event, or of a replay.' },
  leave: { schema: 'LeaveRequest', answer: 'PlainAnswer', summary: 'Leave a room.' },
  refresh: { schema: 'RefreshRequest', answer: 'PlainAnswer', summary: 'Give a newer token.' },
} as const satisfies Record<keyof ClientEvents, Message & { readonly answer: SchemaName }>

/** What a socket is sent. */
const SENT = {
  entry: { schema: 'EntryArguments', summary: 'The next entry: room, epoch, entry.' },
  beacon: { schema: 'Beacon', summary: 'Where the feed stands, in a quiet room: a lost last entry is noticed by it.' },
  notice: { schema: 'Notice', summary: 'Connect elsewhere, join again, or give a newer token.' },
} as const satisfies Record<keyof ServerEvents, Message>

const STREAMED: Readonly<Record<string, Message>> = {
  resumed: { schema: 'StreamResumed', summary: 'The stream goes on behind the position that was given.' },
  restarted: { schema: 'StreamRestarted', summary: 'Begin with this snapshot, and why.' },
  message: { schema: 'Entry', summary: 'The next entry. It has no event name: browsers call it `message`.' },
  beacon: SENT.beacon,
  notice: SENT.notice,
  refused: { schema: 'Problem', summary: 'The last event: the stream cannot go on.' },
}

/** The AsyncAPI 3 document, of sockets and event streams. */
export function asyncApiDocument(): JsonSchema {
  return {
    asyncapi: '3.0.0',
    info: { title: 'Dateline', version: readVersion(), description: DESCRIPTION, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    servers: {
      sockets: { ...gatewayAs('ws', '/socket.io/'), description: 'Socket.IO.' },
      streams: { ...gatewayAs('http', '/'), description: 'Event streams.' },
    },
    channels: { sockets: socketChannel(), stream: streamChannel() },
    operations: { ...socketOperations(), ...streamOperations() },
    components: {
      schemas: namedJsonSchemas('draft-7'),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

function gatewayAs(protocol: 'ws' | 'http', pathname: string): JsonSchema {
  const host = { default: 'localhost:3000', description: 'Where the gateways are reached.' }
  return { host: '{host}', pathname, protocol, variables: { host } }
}

function socketChannel(): JsonSchema {
  const acks = Object.entries(REQUESTS).map(([name, { answer }]) => {
    return [answerName(name), message({ schema: answer, summary: `What \`${name}\` is answered.` }, name)] as const
  })
  return {
    ...{ address: null, title: 'Sockets', description: SOCKETS, servers: [{ $ref: '#/servers/sockets' }] },
    messages: { ...messages(REQUESTS), ...Object.fromEntries(acks), ...messages(SENT) },
    bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
  }
}

function streamChannel(): JsonSchema {
  return {
    ...{ address: '/v1/events/{eventId}/stream', title: 'Event streams', description: STREAMS },
    servers: [{ $ref: '#/servers/streams' }],
    parameters: { eventId: { description: 'The slug of an event.' } },
    messages: messages(STREAMED),
  }
}

function socketOperations(): JsonSchema {
  const received = Object.entries(REQUESTS).map(([name, { summary }]) => {
    const reply = { channel: channelRef('sockets'), messages: [messageRef('sockets', answerName(name))] }
    return [name, { action: 'receive', summary, ...of('sockets', name), reply }]
  })
  const sent = Object.entries(SENT).map(([name, { summary }]) => [
    `send${titled(name)}`,
    { action: 'send', summary, ...of('sockets', name) },
  ])
  return Object.fromEntries([...received, ...sent])
}

function streamOperations(): JsonSchema {
  const streamed = Object.entries(STREAMED).map(([name, { summary }]) => [
    `stream${titled(name)}`,
    {
      ...{ action: 'send', summary, ...of('stream', name) },
      security: [{ $ref: '#/components/securitySchemes/bearer' }],
      bindings: { http: { method: 'GET', bindingVersion: '0.3.0' } },
    },
  ])
  return Object.fromEntries(streamed)
}

function messages(named: Readonly<Record<string, Message>>): JsonSchema {
  return Object.fromEntries(Object.entries(named).map(([name, each]) => [name, message(each, name)]))
}

function message({ schema, summary }: Message, name: string): JsonSchema {
  const example = EXAMPLES[schema]
  return {
    ...{ name, summary, payload: schemaRef(schema) },
    ...(example === undefined ? {} : { examples: [{ payload: example }] }),
  }
}

function of(channel: string, name: string): JsonSchema {
  return { channel: channelRef(channel), messages: [messageRef(channel, name)] }
}

function channelRef(channel: string): JsonSchema {
  return { $ref: `#/channels/${channel}` }
}

function messageRef(channel: string, name: string): JsonSchema {
  return { $ref: `#/channels/${channel}/messages/${name}` }
}

function answerName(request: string): string {
  return `${request}Answer`
}

function titled(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}
