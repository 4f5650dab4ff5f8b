// The services that the filters let through. Only what is in sight is drawn: a project may have thousands.

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import type { ServiceWithEndpoints } from './filters.ts'
import styles from './private-endpoint.module.css'
import { ServiceCard } from './service-card.tsx'

/** A card's height before it is measured, in pixels. */
const guessed = 280
const gap = 16

export function ServiceList({ shown }: { readonly shown: readonly ServiceWithEndpoints[] }) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const rows = useWindowVirtualizer({
    count: shown.length,
    estimateSize: () => guessed,
    gap,
    overscan: 4,
    scrollMargin: top,
    getItemKey: (index) => shown[index]?.service.id ?? index,
  })
  return (
    <ul ref={list} className={styles.list} aria-label="Endpoint services" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ index, key, start }) => {
        const one = shown[index]
        return (
          one && (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={shown.length}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <ServiceCard {...one} />
            </li>
          )
        )
      })}
    </ul>
  )
}
