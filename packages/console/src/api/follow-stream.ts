// A stream of events that is opened again for as long as somebody follows it. A browser comes again by itself where a
// stream was cut, and gives up for good where it was refused: by a server that starts, or for a session that has ended.

interface Following {
  readonly open: () => EventSource
  /** False: nobody is logged in now, and it would only be refused. */
  readonly mayOpen: () => boolean
  readonly onOpen: () => void
  readonly onCut: () => void
  readonly onTold: () => void
}

const againMs = 5_000
/** `EventSource.CLOSED`: the browser does not come again. */
const closed = 2

/** Answers what ends it. */
export function followStream({ open, mayOpen, onOpen, onCut, onTold }: Following): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let source: EventSource
  const again = (): void => {
    timer = setTimeout(() => (mayOpen() ? begin() : again()), againMs)
  }
  const begin = (): void => {
    source = open()
    source.addEventListener('open', onOpen)
    source.addEventListener('message', onTold)
    source.addEventListener('changed', onTold)
    source.addEventListener('error', () => {
      onCut()
      if (source.readyState === closed) again()
    })
  }
  begin()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
