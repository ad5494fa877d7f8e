package dev.tidepool.echo.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;

/**
 * The cumulator that joins the beginning of a TLS record with the next read, in a buffer of just
 * their size. Netty's own for the JDK's engine grows one buffer by every read of a burst, and that
 * buffer stays as large as the burst for as long as a part of a record is left in it.
 */
final class RecordCumulator implements Cumulator {
  static final RecordCumulator INSTANCE = new RecordCumulator();

  private RecordCumulator() {}

  @Override
  public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf left, ByteBuf in) {
    if (!left.isReadable()) {
      left.release();
      return in;
    }
    try {
      return join(allocator, left, in);
    } finally {
      in.release();
    }
  }

  /** Keeps {@code left} if there is no memory: the decoder releases it with its handler. */
  private static ByteBuf join(ByteBufAllocator allocator, ByteBuf left, ByteBuf in) {
    ByteBuf joined = allocator.buffer(left.readableBytes() + in.readableBytes());
    joined.writeBytes(left).writeBytes(in);
    left.release();
    return joined;
  }
}
