package dev.tidepool.allocator;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a lifecycle handler put into its channel's config, and those there before.
 * Undoing leaves alone what the application, or the handler that replaces this one, has set since.
 * Event loop only.
 */
final class ConfigOverride {
  private final ChannelConfig config;
  private final ByteBufAllocator allocatorBefore;
  private final RecvByteBufAllocator receivingBefore;
  private final RecvByteBufAllocator receiving;
  private @Nullable ConnectionArena arena;

  private ConfigOverride(
      ChannelConfig config,
      ByteBufAllocator allocatorBefore,
      RecvByteBufAllocator receivingBefore,
      RecvByteBufAllocator receiving) {
    this.config = config;
    this.allocatorBefore = allocatorBefore;
    this.receivingBefore = receivingBefore;
    this.receiving = receiving;
  }

  /**
   * Sets a receive allocator that reads as {@code reader} says, made of the channel's own.
   *
   * @param former the override of the handler that this one replaces, whose settings are not the
   *     channel's own
   */
  static ConfigOverride install(
      Channel channel,
      @Nullable ConfigOverride former,
      TrimmingRecvByteBufAllocator.Reader reader) {
    ChannelConfig config = channel.config();
    RecvByteBufAllocator before = receivingBefore(config, former);
    RecvByteBufAllocator receiving = TrimmingRecvByteBufAllocator.of(channel, before, reader);
    if (receiving != config.<RecvByteBufAllocator>getRecvByteBufAllocator()) {
      config.setRecvByteBufAllocator(receiving); // which makes a handle, to check that it may
    }
    return new ConfigOverride(config, allocatorBefore(config, former), before, receiving);
  }

  private static ByteBufAllocator allocatorBefore(
      ChannelConfig config, @Nullable ConfigOverride former) {
    ByteBufAllocator now = config.getAllocator();
    return former != null && now == former.arena ? former.allocatorBefore : now;
  }

  private static RecvByteBufAllocator receivingBefore(
      ChannelConfig config, @Nullable ConfigOverride former) {
    RecvByteBufAllocator now = config.getRecvByteBufAllocator();
    return former != null && now == former.receiving ? former.receivingBefore : now;
  }

  /**
   * From now on the channel allocates from {@code arena}, unless the application has set another.
   */
  void allocateFrom(ConnectionArena arena) {
    if (this.arena == null || config.getAllocator() == this.arena) {
      config.setAllocator(arena);
    }
    this.arena = arena;
  }

  /** The arena, null if the channel allocates from another allocator. */
  @Nullable ConnectionArena arenaInUse() {
    return config.getAllocator() == arena ? arena : null;
  }

  /** The channel has closed: {@code shared} serves what handlers still allocate. */
  void fallBackTo(ByteBufAllocator shared) {
    if (arena != null && config.getAllocator() == arena) {
      config.setAllocator(shared);
    }
  }

  /** The channel goes on without the handler. */
  void undo() {
    if (arena != null && config.getAllocator() == arena) {
      config.setAllocator(allocatorBefore);
    }
    if (config.<RecvByteBufAllocator>getRecvByteBufAllocator() == receiving) {
      config.setRecvByteBufAllocator(receivingBefore);
    }
  }
}
