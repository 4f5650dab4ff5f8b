// A process that holds a home until it is killed.

import { type LockStyle, lockHome } from './home-lock.ts'

const [, , home = '', style] = process.argv
process.send?.('heldBy' in (await lockHome(home, {}, style as LockStyle)) ? 'refused' : 'held')
// The lock lets a process end; the channel keeps this one.
process.on('message', () => {})
