// A moment, as long ago as it is whenever it is drawn, and drawn again from time to time; exactly on hover.

import { useEffect, useState } from 'react'
import { ago } from './ago.ts'
import { moment } from './moment.ts'

const tickMs = 15_000

export function When({ at }: { readonly at: string }) {
  const [, setTick] = useState(0)
  useEffect(() => {
    const timer = window.setInterval(() => setTick((tick) => tick + 1), tickMs)
    return () => window.clearInterval(timer)
  }, [])
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(new Date(at).getTime() - Date.now())}
    </time>
  )
}
