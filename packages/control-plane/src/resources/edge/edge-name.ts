// An edge's name as it stands in the path of everything that it asks; the rule is the edge's own (edge/config.ts).

import { AtlasError } from '@postern/contract/errors'

/** Throws PATH_PARAM_PARSE_ERROR. */
export const parseEdge = ({ edge = '' }: Readonly<Record<string, string>>): string => {
  if (!/^[A-Za-z0-9][\w.-]{0,62}$/.test(edge))
    throw new AtlasError('PATH_PARAM_PARSE_ERROR', { parameter: 'edge', value: edge })
  return edge
}
