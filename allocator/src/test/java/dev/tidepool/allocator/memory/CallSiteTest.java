package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The class and package names that a trace leaves out exist. */
class CallSiteTest {
  /** One class of each package named there. */
  private static final List<Class<?>> KNOWN =
      List.of(
          Arena.class,
          ByteBuf.class,
          Channel.class,
          String.class,
          jdk.net.ExtendedSocketOptions.class);

  static Stream<String> classes() {
    return Stream.concat(CallSite.ALLOCATOR.stream(), CallSite.NOT_THE_USERS.stream())
        .filter(name -> !name.endsWith("."));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void everyClassIsThere(String name) {
    assertThatCode(() -> Class.forName(name)).doesNotThrowAnyException();
  }

  /** Its layers hand out buffers, so a frame of theirs is the allocator's. */
  @Test
  void everyLayerOfAnArenaIsNamedThatHandsOutBuffers() {
    for (Class<?> layer = ConnectionArena.class; layer != Object.class; ) {
      if (Stream.of(layer.getDeclaredMethods())
          .anyMatch(method -> ByteBuf.class.isAssignableFrom(method.getReturnType()))) {
        assertThat(CallSite.ALLOCATOR).contains(layer.getName());
      }
      layer = layer.getSuperclass();
    }
  }

  static Stream<String> packages() {
    return Stream.concat(CallSite.ALLOCATOR.stream(), CallSite.NOT_THE_USERS.stream())
        .filter(name -> name.endsWith(".") && !name.equals("sun.")); // exports nothing to name here
  }

  @ParameterizedTest
  @MethodSource("packages")
  void everyPackageHasClasses(String prefix) {
    assertThat(KNOWN).as(prefix).anyMatch(type -> type.getName().startsWith(prefix));
  }
}
