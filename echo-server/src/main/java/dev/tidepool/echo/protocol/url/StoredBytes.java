package dev.tidepool.echo.protocol.url;

import dev.tidepool.echo.protocol.ByteSequence;
import io.netty.buffer.ByteBuf;

/** The bytes of a body that was read from a file. */
public final class StoredBytes implements ByteSequence {
  private final byte[] bytes;

  public StoredBytes(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  @Override
  public int length() {
    return bytes.length;
  }

  @Override
  public byte at(int position) {
    return bytes[position];
  }

  @Override
  public void writeTo(ByteBuf out) {
    out.writeBytes(bytes);
  }
}
