// Instead of @leafygreen-ui/icon, whose `Icon` carries every glyph there is. These are the ones that the design system's
// components ask for by name; the console's own pages import theirs from `@leafygreen-ui/icon/dist/…`.

import CaretDown from '@leafygreen-ui/icon/dist/CaretDown'
import Checkmark from '@leafygreen-ui/icon/dist/Checkmark'
import ChevronRight from '@leafygreen-ui/icon/dist/ChevronRight'
import Refresh from '@leafygreen-ui/icon/dist/Refresh'
import Warning from '@leafygreen-ui/icon/dist/Warning'
import X from '@leafygreen-ui/icon/dist/X'
import XWithCircle from '@leafygreen-ui/icon/dist/XWithCircle'
import { type ComponentProps, isValidElement } from 'react'

export const glyphs = { CaretDown, Checkmark, ChevronRight, Refresh, Warning, X, XWithCircle } as const

type IconProps = ComponentProps<typeof X> & { readonly glyph: keyof typeof glyphs }

export function Icon({ glyph, ...rest }: IconProps) {
  const Glyph = glyphs[glyph]
  return <Glyph {...rest} />
}
Icon.isGlyph = true

export const isComponentGlyph = (node: unknown): boolean =>
  isValidElement(node) && typeof node.type === 'function' && 'isGlyph' in node.type && node.type.isGlyph === true

export const Size = { Small: 'small', Default: 'default', Large: 'large', XLarge: 'xlarge' } as const
export const sizeMap = { small: 14, default: 16, large: 20, xlarge: 24 } as const
