// An edge's name as it stands in the path of everything that it asks.

import { AtlasError } from '@postern/contract/errors'

/** Throws PATH_PARAM_PARSE_ERROR. */
export const parseEdge = ({ edge = '' }: Readonly<Record<string, string>>): string => {
  if (!/^[\w.-]{1,64}$/.test(edge)) throw new AtlasError('PATH_PARAM_PARSE_ERROR', { parameter: 'edge', value: edge })
  return edge
}
