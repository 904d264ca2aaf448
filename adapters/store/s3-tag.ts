/** S3 tags whatever it holds. Under KMS the tag is no hash: it is compared, never computed. */
export function tagOf({ ETag }: { readonly ETag?: string | undefined }): string {
  if (ETag === undefined) throw new Error('S3 answered without an ETag');
  return ETag;
}
