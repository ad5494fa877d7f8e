package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.EchoProtocol;
import io.netty.buffer.ByteBuf;

/**
 * One request of a connection: known from the load's seed alone, so that its echo can be checked
 * without keeping a copy.
 *
 * @param sequence 0 for the connection's first
 * @param size of the payload
 * @param seed of the payload
 */
record Request(EchoProtocol protocol, long sequence, int size, long seed) {

  int wireBytes() {
    return protocol.headerBytes() + size;
  }

  void writeTo(ByteBuf out) {
    if (protocol == EchoProtocol.FRAMED) {
      out.writeInt(size);
    }
    BytePattern.write(seed, out, size);
  }

  /** The byte that must be at this position on the wire. */
  byte byteAt(int position) {
    int header = protocol.headerBytes();
    if (position < header) {
      return (byte) (size >>> (Byte.SIZE * (header - 1 - position)));
    }
    return BytePattern.byteAt(seed, position - header);
  }

  /** How many of the next {@code length} bytes are the echo from {@code position} on. */
  int matching(int position, ByteBuf in, int length) {
    int index = in.readerIndex();
    int headerPart = Math.min(length, Math.max(0, protocol.headerBytes() - position));
    for (int i = 0; i < headerPart; i++) {
      if (in.getByte(index + i) != byteAt(position + i)) {
        return i;
      }
    }
    int payloadPosition = position + headerPart - protocol.headerBytes();
    int payloadPart = length - headerPart;
    return headerPart
        + BytePattern.matching(seed, payloadPosition, in, index + headerPart, payloadPart);
  }
}
