// A gateway in a process of its own, for drills that kill it: takes what it starts with as its first message, says when it
// listens, and ends with its parent.

import { type GatewayStart, startGateway } from './doorway.ts'

process.once('disconnect', () => process.exit(0))
process.once('message', (start) => {
  void startGateway(start as GatewayStart).then(() => process.send?.('listening'))
})
