// A moment, as long ago as it is; exactly on hover.

import { useEffect, useState } from 'react'
import { ago } from './ago.ts'
import { moment } from './moment.ts'

const tickMs = 15_000

export function When({ at }: { readonly at: string }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), tickMs)
    return () => window.clearInterval(timer)
  }, [])
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(new Date(at).getTime() - now)}
    </time>
  )
}
