package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A buffer of direct memory that begins where its memory begins, with no padding before it. */
class StartOfTheMemoryTest {
  private final Upstream upstream = new Upstream(new UnpooledByteBufAllocator(true));
  private final BlockPool pool = Pools.owned(Pools.options(ChecksLevel.OFF, 0), upstream);
  private final Arena arena = new Arena(pool, MemoryKind.DIRECT, new Pools.Host());
  private final ArenaByteBuf buffer = arena.allocate(8, 8);

  @AfterEach
  void giveBack() {
    buffer.release();
    arena.reset();
    pool.trimAll();
    assertThat(upstream.heldDirect()).isZero();
  }

  @Test
  void aMediumIsReadAsItWasWritten() {
    buffer.setByte(3, 0xff);
    buffer.setMedium(0, 0xfedcba);
    assertThat(buffer.getUnsignedMedium(0)).isEqualTo(0xfedcba);
    assertThat(buffer.getMedium(0)).isEqualTo(0xfffedcba);
    assertThat(buffer.getUnsignedMediumLE(0)).isEqualTo(0xbadcfe);
    assertThat(buffer.getUnsignedByte(3)).isEqualTo((short) 0xff);
  }

  @Test
  void aFileGetsNoBytesFromBeyondTheBuffer(@TempDir Path directory) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("bytes"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> buffer.getBytes(1, file, 0, 8))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(file.size()).isZero();
    }
  }
}
