// A program that another one forked ends with it, whatever became of that one: also where it died while this one was still
// loading its modules, when nobody listened yet and Node says it no more.

/**
 * Calls `act` once the channel to the parent closes, which even its kill -9 does; at once where it has closed already; never
 * where nobody forked this process. Answers what takes the listener away, which would keep the process alive.
 */
export function whenParentGoes(act: () => void): () => void {
  const isForked = process.send !== undefined
  if (isForked && !process.connected) act()
  else process.on('disconnect', act)
  return () => void process.off('disconnect', act)
}
