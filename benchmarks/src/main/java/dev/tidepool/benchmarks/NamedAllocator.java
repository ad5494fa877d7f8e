package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** An allocator that a system property names by its class, as a peer from elsewhere. */
final class NamedAllocator {
  /** The system property with the class's name. */
  static final String PROPERTY = "tidepool.allocator";

  private NamedAllocator() {}

  /** That of the class that the property names. */
  static ByteBufAllocator create() {
    return create(System.getProperty(PROPERTY, ""));
  }

  /**
   * A new one by the class's public constructor without parameters, else what is in its public
   * static field {@code DEFAULT}.
   *
   * @throws IllegalArgumentException if there is no such class, or it has neither; the message says
   *     what was expected
   */
  static ByteBufAllocator create(String name) {
    try {
      return checked(name, make(Class.forName(name)));
    } catch (InvocationTargetException e) {
      throw bad(name, "a constructor that does not fail", e.getCause());
    } catch (ClassNotFoundException e) {
      throw bad(name, "a class on the class path", e);
    } catch (ReflectiveOperationException e) {
      throw bad(name, "a public constructor without parameters, or a field DEFAULT", e);
    }
  }

  private static Object make(Class<?> type) throws ReflectiveOperationException {
    return hasConstructor(type) ? type.getConstructor().newInstance() : ofField(type);
  }

  /** Every allocator inherits Netty's own field of that name. */
  private static Object ofField(Class<?> type) throws ReflectiveOperationException {
    Field field = type.getField("DEFAULT");
    if (field.getDeclaringClass() != type) {
      throw new NoSuchFieldException("DEFAULT is that of " + field.getDeclaringClass());
    }
    return field.get(null);
  }

  private static boolean hasConstructor(Class<?> type) {
    for (var constructor : type.getConstructors()) {
      if (constructor.getParameterCount() == 0 && !Modifier.isAbstract(type.getModifiers())) {
        return true;
      }
    }
    return false;
  }

  /** The suites ask every allocator how much it holds. */
  private static ByteBufAllocator checked(String name, Object made) {
    if (made instanceof ByteBufAllocator allocator
        && made instanceof ByteBufAllocatorMetricProvider) {
      return allocator;
    }
    throw bad(name, "a ByteBufAllocator and ByteBufAllocatorMetricProvider", null);
  }

  private static IllegalArgumentException bad(
      String name, String expected, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "-D%s: %s (expected: %s)".formatted(PROPERTY, name, expected), cause);
  }
}
