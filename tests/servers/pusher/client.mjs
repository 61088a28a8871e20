// Clients of live updates, as their authors ship them: pusher-js and Laravel Echo. A test says on standard input what they are to
// do, one JSON object a line; what they hear goes to standard output the same way.

import { createInterface } from 'node:readline';
import Echo from 'laravel-echo';
import Pusher from 'pusher-js';

const clients = new Map();

function tell(name, what) {
  process.stdout.write(`${JSON.stringify({ name, ...what })}\n`);
}

function connect({ name, port, authorization, key = 'opbx', activity = 120_000, path = '/broadcasting/auth' }) {
  const pusher = new Pusher(key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    activityTimeout: activity,
    pongTimeout: 5_000,
    channelAuthorization: {
      transport: 'ajax',
      endpoint: `http://127.0.0.1:${port}${path}`,
      headers: { Authorization: authorization },
    },
  });
  pusher.connection.bind('state_change', ({ current }) => tell(name, { state: current, socket: pusher.connection.socket_id }));
  pusher.connection.bind('error', (error) => tell(name, { error: error.data ?? error.error?.data ?? String(error.type) }));
  pusher.connection.bind('message', ({ event }) => event === 'pusher:pong' && tell(name, { pong: true }));
  clients.set(name, { pusher, echo: new Echo({ broadcaster: 'pusher', client: pusher }) });
}

const deeds = {
  connect,
  subscribe({ name, channel }) {
    const subscribed = clients.get(name).pusher.subscribe(channel);
    subscribed.bind_global((event, data) => {
      const members = event === 'pusher:subscription_succeeded' ? subscribed.members?.members : undefined;
      tell(name, { channel, event, data: members ? { me: subscribed.members.myID, members } : data });
    });
  },
  unsubscribe({ name, channel }) {
    clients.get(name).pusher.unsubscribe(channel);
  },
  // A client event: `false` is what pusher-js says of one that it did not send.
  trigger({ name, channel, event }) {
    tell(name, { triggered: clients.get(name).pusher.channel(channel).trigger(event, {}) });
  },
  // As Laravel's applications write it: without the prefix of the channel, with a dot before the event.
  listen({ name, channel, events }) {
    const listening = clients.get(name).echo.private(channel);
    listening.error((error) => tell(name, { echo: channel, refused: error.status ?? error }));
    listening.subscribed(() => tell(name, { echo: channel, subscribed: true }));
    for (const event of events) {
      listening.listen(`.${event}`, (data) => tell(name, { echo: channel, event, data }));
    }
  },
  join({ name, channel }) {
    const joined = clients.get(name).echo.join(channel);
    joined.here((users) => tell(name, { echo: channel, here: users }));
    joined.joining((user) => tell(name, { echo: channel, joining: user }));
    joined.leaving((user) => tell(name, { echo: channel, leaving: user }));
  },
  disconnect({ name }) {
    clients.get(name).pusher.disconnect();
  },
};

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const asked = JSON.parse(line);
  deeds[asked.do](asked);
});
// The test has ended.
input.on('close', () => process.exit(0));
