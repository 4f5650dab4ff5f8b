// A firewall on this machine, as far as this process goes: what it dials there gets no answer, or no route. No root.

import { Socket } from 'node:net'

interface Target {
  readonly host: string
  /** Absent: every port of the host. */
  readonly port?: number
}

type Connect = (this: Socket, ...args: unknown[]) => Socket

/** From now on nothing of this process reaches that. Answers what ends it. */
export function cutOff(target: Target, code: 'ENETUNREACH' | 'ETIMEDOUT'): () => void {
  const before = Socket.prototype.connect as unknown as Connect
  const connect: Connect = function (...args) {
    const [options] = (Array.isArray(args[0]) ? args[0] : args) as readonly { host?: string; port?: number }[]
    if (options?.host !== target.host || (target.port !== undefined && options.port !== target.port)) {
      return before.apply(this, args)
    }
    setImmediate(() => this.destroy(Object.assign(new Error(code), { code })))
    return this
  }
  Socket.prototype.connect = connect as unknown as typeof Socket.prototype.connect
  return () => {
    Socket.prototype.connect = before as unknown as typeof Socket.prototype.connect
  }
}
