package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One call of a buffer is one call of the stream or channel, which may block or bring less than
 * asked for; what it brought is in the buffer.
 */
class StreamsTest extends BufferContract {
  private static final int CHUNK = 8192;
  private static final int[] LENGTHS = {1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 50_000};

  private final Map<String, UnaryOperator<ByteBuf>> views = new LinkedHashMap<>();

  @TempDir private Path directory;

  StreamsTest(BufferSource source) {
    super(source);
    views.put("itself", UnaryOperator.identity());
    views.put("its slice", buffer -> buffer.slice(0, buffer.capacity()).clear());
    views.put("its duplicate", ByteBuf::duplicate);
    views.put("itself, swapped", StreamsTest::swapped);
  }

  @SuppressWarnings("deprecation") // order(ByteOrder) is what the view tests
  private static ByteBuf swapped(ByteBuf buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Gives so many bytes for each read, and records how many were asked for. */
  private static class Packets extends InputStream {
    private final InputStream bytes;
    private final int packet;
    final List<Integer> asked = new ArrayList<>();

    Packets(byte[] bytes, int packet) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.packet = packet;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("byte for byte");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      asked.add(length);
      return bytes.read(target, offset, Math.min(length, packet));
    }
  }

  private void forEachView(int length, ViewTest test) throws IOException {
    for (Map.Entry<String, UnaryOperator<ByteBuf>> view : views.entrySet()) {
      ByteBuf buffer = buffer(length);
      test.run(view.getKey(), view.getValue().apply(buffer));
      releaseAll(buffer);
    }
  }

  private interface ViewTest {
    void run(String name, ByteBuf buffer) throws IOException;
  }

  @Test
  void writeBytesReadsTheStreamOnce() throws IOException {
    for (int length : LENGTHS) {
      byte[] bytes = pattern(length, length);
      forEachView(
          2 * length + 1,
          (name, buffer) -> {
            Packets in = new Packets(bytes, length);
            assertThat(buffer.writeBytes(in, 2 * length)).as(name).isEqualTo(length);
            assertThat(in.asked).as(name).containsExactly(2 * length);
            assertThat(buffer.writerIndex()).as(name).isEqualTo(length);
            assertBytes(buffer, 0, bytes);
            assertThat(buffer.writeBytes(in, 1)).as(name).isEqualTo(-1);
            assertThat(buffer.writerIndex()).as(name).isEqualTo(length);
          });
    }
  }

  @Test
  void setBytesReadsTheStreamOnce() throws IOException {
    byte[] bytes = pattern(4, 3 * CHUNK);
    forEachView(
        4 * CHUNK,
        (name, buffer) -> {
          Packets in = new Packets(bytes, CHUNK);
          assertThat(buffer.setBytes(7, in, 3 * CHUNK)).as(name).isEqualTo(CHUNK);
          assertThat(in.asked).as(name).containsExactly(3 * CHUNK);
          assertThat(buffer.setBytes(7 + CHUNK, in, 2 * CHUNK)).as(name).isEqualTo(CHUNK);
          assertBytes(buffer, 7, Arrays.copyOf(bytes, 2 * CHUNK));
        });
  }

  @Test
  void aStreamThatHasAllIsReadAtOnce() throws IOException {
    byte[] bytes = pattern(5, 100_000);
    forEachView(
        bytes.length,
        (name, buffer) -> {
          InputStream in = new ByteArrayInputStream(bytes);
          assertThat(buffer.writeBytes(in, bytes.length)).as(name).isEqualTo(bytes.length);
          assertBytes(buffer, 0, bytes);
        });
  }

  @Test
  void emptyAndFailingReadsLeaveTheWriterIndex() throws IOException {
    Packets failing =
        new Packets(new byte[0], 0) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("timed out");
          }
        };
    forEachView(
        CHUNK,
        (name, buffer) -> {
          assertThat(buffer.writeBytes(new Packets(new byte[1], 1), 0)).as(name).isZero();
          assertThatThrownBy(() -> buffer.writeBytes(failing, CHUNK))
              .as(name)
              .isInstanceOf(IOException.class)
              .hasMessage("timed out");
          assertThat(buffer.writerIndex()).as(name).isZero();
        });
  }

  @Test
  void aCompositeReadsOnceForEachComponentThatItFills() throws IOException {
    byte[] bytes = pattern(6, 2 * CHUNK);
    ByteBuf composite =
        source
            .allocator()
            .compositeBuffer()
            .addComponent(true, buffer(CHUNK).writerIndex(CHUNK))
            .addComponent(true, buffer(2 * CHUNK).writerIndex(2 * CHUNK))
            .clear();
    Packets in = new Packets(bytes, CHUNK);
    assertThat(composite.writeBytes(in, 2 * CHUNK)).isEqualTo(2 * CHUNK);
    assertThat(in.asked).containsExactly(CHUNK, CHUNK);
    assertBytes(composite, 0, bytes);
    releaseAll(composite);
  }

  /** Reads and writes so many bytes for each call, and records how many there was room for. */
  private static final class PacketChannel implements ScatteringByteChannel, GatheringByteChannel {
    private final ByteBuffer bytes;
    private final int packet;
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    final List<Integer> asked = new ArrayList<>();

    PacketChannel(byte[] bytes, int packet) {
      this.bytes = ByteBuffer.wrap(bytes);
      this.packet = packet;
    }

    @Override
    public int read(ByteBuffer target) {
      asked.add(target.remaining());
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int count = Math.min(Math.min(packet, bytes.remaining()), target.remaining());
      target.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      asked.add(from.remaining());
      int count = Math.min(packet, from.remaining());
      byte[] some = new byte[count];
      from.get(some);
      taken.writeBytes(some);
      return count;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
      throw new UnsupportedOperationException("one buffer is one buffer");
    }

    @Override
    public long read(ByteBuffer[] targets) {
      return read(targets, 0, targets.length);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      throw new UnsupportedOperationException("one buffer is one buffer");
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

  @Test
  void aChannelIsReadOnce() throws IOException {
    byte[] bytes = pattern(7, 3 * CHUNK);
    forEachView(
        4 * CHUNK,
        (name, buffer) -> {
          PacketChannel channel = new PacketChannel(bytes, CHUNK);
          assertThat(buffer.writeBytes(channel, 3 * CHUNK)).as(name).isEqualTo(CHUNK);
          assertThat(buffer.setBytes(CHUNK, channel, CHUNK + 1)).as(name).isEqualTo(CHUNK);
          assertThat(channel.asked).as(name).containsExactly(3 * CHUNK, CHUNK + 1);
          assertThat(buffer.writerIndex()).as(name).isEqualTo(CHUNK);
          assertBytes(buffer, 0, Arrays.copyOf(bytes, 2 * CHUNK));
        });
  }

  @Test
  void aChannelIsWrittenOnceEvenForNoBytes() throws IOException {
    byte[] bytes = pattern(8, 3 * CHUNK);
    forEachView(
        3 * CHUNK,
        (name, buffer) -> {
          buffer.setBytes(0, bytes).setIndex(0, bytes.length);
          PacketChannel channel = new PacketChannel(new byte[0], CHUNK);
          assertThat(buffer.readBytes(channel, 3 * CHUNK)).as(name).isEqualTo(CHUNK);
          assertThat(buffer.readerIndex()).as(name).isEqualTo(CHUNK);
          assertThat(buffer.getBytes(CHUNK, channel, CHUNK + 1)).as(name).isEqualTo(CHUNK);
          assertThat(buffer.getBytes(0, channel, 0)).as(name).isZero();
          assertThat(buffer.readBytes(channel, 0)).as(name).isZero();
          assertThat(channel.asked).as(name).containsExactly(3 * CHUNK, CHUNK + 1, 0, 0);
          assertThat(channel.taken.toByteArray())
              .as(name)
              .isEqualTo(Arrays.copyOf(bytes, 2 * CHUNK));
        });
  }

  @Test
  void aFileIsReadAndWrittenAtTheGivenPosition() throws IOException {
    byte[] bytes = pattern(9, 2 * CHUNK);
    Path file = Files.write(directory.resolve("file"), bytes);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      forEachView(
          4 * CHUNK,
          (name, buffer) -> {
            assertThat(buffer.writeBytes(channel, 0, 3 * CHUNK)).as(name).isEqualTo(2 * CHUNK);
            assertThat(buffer.setBytes(0, channel, 2L * CHUNK, 1)).as(name).isEqualTo(-1);
            assertBytes(buffer, 0, bytes);
            assertThat(buffer.readBytes(channel, 0, CHUNK)).as(name).isEqualTo(CHUNK);
            assertThat(buffer.getBytes(CHUNK, channel, CHUNK, CHUNK)).as(name).isEqualTo(CHUNK);
            assertThat(buffer.readerIndex()).as(name).isEqualTo(CHUNK);
            assertThat(channel.position()).as(name).isZero();
            assertThat(Files.readAllBytes(file)).as(name).isEqualTo(bytes);
          });
    }
  }

  @Test
  void aClosedFileIsAtItsEnd() throws IOException {
    Path file = Files.write(directory.resolve("closed"), new byte[10]);
    FileChannel closed = FileChannel.open(file);
    closed.close();
    forEachView(
        10,
        (name, buffer) -> {
          assertThat(buffer.setBytes(0, closed, 0, 10)).as(name).isEqualTo(-1);
          assertThat(buffer.setBytes(0, closed, 10)).as(name).isEqualTo(-1);
        });
  }

  @Test
  void anOutputStreamGetsAllInOrder() throws IOException {
    byte[] bytes = pattern(10, 3 * CHUNK + 5);
    forEachView(
        bytes.length,
        (name, buffer) -> {
          buffer.setBytes(0, bytes).setIndex(0, bytes.length);
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          buffer.getBytes(3, out, bytes.length - 3);
          assertThat(out.toByteArray())
              .as(name)
              .isEqualTo(Arrays.copyOfRange(bytes, 3, bytes.length));
          out.reset();
          buffer.readBytes(out, bytes.length);
          assertThat(out.toByteArray()).as(name).isEqualTo(bytes);
          assertThat(buffer.readerIndex()).as(name).isEqualTo(bytes.length);
        });
  }
}
