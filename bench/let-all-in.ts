/**
 * Settings of the servers that are measured: all viewers come from one address, and at once. What somebody may write
 * stays limited as it is for everybody, for that is part of what a write costs.
 */
export const LET_ALL_IN = {
  LIMIT_HANDSHAKES_PER_ADDRESS: '0',
  LIMIT_SOCKETS_PER_S: '0',
  LIMIT_STREAMS_PER_ADDRESS: '0',
} as const
