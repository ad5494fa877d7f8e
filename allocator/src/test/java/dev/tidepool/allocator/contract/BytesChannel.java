package dev.tidepool.allocator.contract;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/** A channel that reads from given bytes, and writes to an array. */
final class BytesChannel implements ScatteringByteChannel, GatheringByteChannel {
  private final ByteBuffer bytes;
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

  BytesChannel(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  byte[] taken() {
    return taken.toByteArray();
  }

  @Override
  public int read(ByteBuffer target) {
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int count = Math.min(bytes.remaining(), target.remaining());
    target.put(bytes.slice(bytes.position(), count));
    bytes.position(bytes.position() + count);
    return count;
  }

  @Override
  public int write(ByteBuffer source) {
    int count = source.remaining();
    while (source.hasRemaining()) {
      taken.write(source.get());
    }
    return count;
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += Math.max(read(targets[i]), 0);
    }
    return count;
  }

  @Override
  public long read(ByteBuffer[] targets) {
    return read(targets, 0, targets.length);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += write(sources[i]);
    }
    return count;
  }

  @Override
  public long write(ByteBuffer[] sources) {
    return write(sources, 0, sources.length);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
