import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/**
 * A wire to a server, or else to the run's MongoDB. It can be cut without closing, so that what is sent is no longer answered, or taken away,
 * so that every connection is closed and refused, as when mongod is killed.
 */
export async function wire(to = process.env.COPYDESK_TEST_MONGODB_URI ?? '') {
  const target = new URL(to);
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    if (away) {
      near.destroy();
      return;
    }
    const far = dial(Number(target.port), target.hostname);
    sockets.push(near, far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from
        .on('data', (bytes) => !cut && to.write(bytes))
        .on('close', () => to.destroy())
        .on('error', () => to.destroy());
    }
  });
  let cut = false;
  let away = false;
  const closeAll = () => {
    for (const socket of sockets.splice(0)) socket.destroy();
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    uri: `mongodb://${host}/?directConnection=true`,
    url: `http://${host}`,
    cut: () => (cut = true),
    mend() {
      cut = false;
      closeAll();
    },
    takeAway() {
      away = true;
      closeAll();
    },
    bringBack() {
      away = false;
    },
    async close() {
      closeAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
