package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.function.Consumer;

/**
 * An allocator that a server can have: a value of {@code --allocator}, which is one of the known
 * names or the name of a class.
 */
public final class AllocatorChoice {
  /** An arena for each connection, which its requests reset. */
  public static final AllocatorChoice CONNECTION =
      new AllocatorChoice("connection", AllocatorChoice::arenas, true);

  /** The shared allocator of those arenas alone: what one line in a bootstrap gives. */
  public static final AllocatorChoice ARENA =
      new AllocatorChoice("arena", AllocatorChoice::arenas, false);

  public static final AllocatorChoice POOLED =
      new AllocatorChoice("pooled", options -> new PooledByteBufAllocator(true), false);
  public static final AllocatorChoice ADAPTIVE =
      new AllocatorChoice("adaptive", options -> new AdaptiveByteBufAllocator(), false);
  public static final AllocatorChoice UNPOOLED =
      new AllocatorChoice("unpooled", options -> new UnpooledByteBufAllocator(true), false);

  private static final List<AllocatorChoice> NAMED =
      List.of(CONNECTION, ARENA, POOLED, ADAPTIVE, UNPOOLED);

  private final String name;
  private final Factory factory;
  private final boolean connectionArenas;

  private AllocatorChoice(String name, Factory factory, boolean connectionArenas) {
    this.name = name;
    this.factory = factory;
    this.connectionArenas = connectionArenas;
  }

  /** Makes allocators, with options for those that have arenas. */
  private interface Factory {
    ByteBufAllocator create(Consumer<ArenaByteBufAllocator.Builder> options);
  }

  private static ByteBufAllocator arenas(Consumer<ArenaByteBufAllocator.Builder> options) {
    ArenaByteBufAllocator.Builder builder = ArenaByteBufAllocator.builder();
    options.accept(builder);
    return builder.build();
  }

  /** Those that have a name of their own. */
  public static List<AllocatorChoice> named() {
    return NAMED;
  }

  /**
   * The allocator of a name, in any case, or of a class on the class path that has a public
   * constructor without parameters or a public static field {@code DEFAULT}.
   *
   * @throws IllegalArgumentException if there is none; the message says why
   */
  public static AllocatorChoice of(String name) {
    return NAMED.stream()
        .filter(choice -> choice.name.equalsIgnoreCase(name))
        .findFirst()
        .orElseGet(() -> ofClass(name));
  }

  private static AllocatorChoice ofClass(String name) {
    AllocatorClass type = AllocatorClass.of(name);
    return new AllocatorChoice(name, options -> type.create(), false);
  }

  /**
   * A fresh instance, so that its figures are one server's alone, unless its class has one only.
   */
  public ByteBufAllocator create() {
    return create(builder -> {});
  }

  /**
   * A fresh instance.
   *
   * @param options sets those of an allocator with arenas
   */
  public ByteBufAllocator create(Consumer<ArenaByteBufAllocator.Builder> options) {
    return factory.create(options);
  }

  /** The memory of a server that has a fresh instance. */
  public ServerMemory newMemory(Consumer<ArenaByteBufAllocator.Builder> options) {
    return new ServerMemory(create(options), connectionArenas);
  }

  /** Whether each connection has an arena of its own. */
  public boolean hasConnectionArenas() {
    return connectionArenas;
  }

  /** Whether it is Tidepool's, one of this library's own. */
  public boolean isTidepool() {
    return this == CONNECTION
        || this == ARENA
        || name.equals(ArenaByteBufAllocator.class.getName());
  }

  @Override
  public String toString() {
    return name;
  }
}
