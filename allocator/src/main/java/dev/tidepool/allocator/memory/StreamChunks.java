package dev.tidepool.allocator.memory;

import java.io.IOException;
import java.io.InputStream;

/** Moves bytes between streams, which want arrays, and direct memory, which has none. */
final class StreamChunks {
  /** Bytes moved at once at most. */
  static final int BYTES = 8192;

  private StreamChunks() {}

  /** Takes {@code bytes} bytes of {@code chunk} that belong {@code from} bytes after the start. */
  interface Sink {
    void accept(byte[] chunk, int from, int bytes);
  }

  /**
   * Reads until {@code length} bytes came or the stream had fewer for the moment.
   *
   * @return bytes read, or -1 if the stream was at its end
   */
  static int read(InputStream in, int length, Sink sink) throws IOException {
    byte[] chunk = new byte[Math.min(length, BYTES)];
    int done = 0;
    while (true) {
      int wanted = Math.min(chunk.length, length - done);
      int bytes = in.read(chunk, 0, wanted);
      if (bytes < 0) {
        return done == 0 ? -1 : done;
      }
      sink.accept(chunk, done, bytes);
      done += bytes;
      if (bytes < wanted || done == length) {
        return done;
      }
    }
  }
}
