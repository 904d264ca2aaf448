/** What PyTorch trains: convolutions over images, and recurrence over steps. */
export const NETWORK_KINDS = ['cnn', 'rnn'] as const;
export type NetworkKind = (typeof NETWORK_KINDS)[number];

export const isNetworkKind = (kind: string | undefined): kind is NetworkKind =>
  NETWORK_KINDS.includes(kind as NetworkKind);
