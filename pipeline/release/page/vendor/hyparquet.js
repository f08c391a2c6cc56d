// What the page needs of hyparquet and fzstd: releases are compressed with zstd, and the other decompressors of
// hyparquet-compressors would bring WebAssembly, for which a page must relax its policy.
export { asyncBufferFromUrl, cachedAsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
export { decompress } from "fzstd";
