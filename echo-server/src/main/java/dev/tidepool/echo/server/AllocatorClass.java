package dev.tidepool.echo.server;

import io.netty.buffer.ByteBufAllocator;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A class of allocators that is known by its name only. */
final class AllocatorClass {
  private final Class<?> type;
  private final Callable<?> instances;

  private AllocatorClass(Class<?> type, Callable<?> instances) {
    this.type = type;
    this.instances = instances;
  }

  /**
   * The class of this name.
   *
   * @throws IllegalArgumentException if there is none, or none that can be instantiated
   */
  static AllocatorClass of(String name) {
    Class<?> type = load(name);
    if (!ByteBufAllocator.class.isAssignableFrom(type) || !Modifier.isPublic(type.getModifiers())) {
      throw new IllegalArgumentException(
          "class " + name + " is not a public ByteBufAllocator, expected one that is");
    }
    @Nullable Callable<?> constructor = constructor(type);
    @Nullable Callable<?> instances = constructor == null ? field(type) : constructor;
    if (instances == null) {
      throw new IllegalArgumentException(
          "class "
              + name
              + " has neither a public constructor without parameters nor a public static field"
              + " DEFAULT of a ByteBufAllocator, expected one of both");
    }
    return new AllocatorClass(type, instances);
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, AllocatorClass.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalArgumentException(
          "'%s' is not known, expected one of %s or a class on the class path"
              .formatted(name, AllocatorChoice.named()),
          e);
    }
  }

  private static @Nullable Callable<?> constructor(Class<?> type) {
    try {
      return Modifier.isAbstract(type.getModifiers()) ? null : type.getConstructor()::newInstance;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /** Every allocator inherits a field of that name from the interface: it is not its own. */
  private static @Nullable Callable<?> field(Class<?> type) {
    try {
      Field field = type.getField("DEFAULT");
      boolean usable =
          field.getDeclaringClass() != ByteBufAllocator.class
              && Modifier.isStatic(field.getModifiers())
              && ByteBufAllocator.class.isAssignableFrom(field.getType());
      return usable ? () -> field.get(null) : null;
    } catch (NoSuchFieldException e) {
      return null;
    }
  }

  /** A fresh instance, or the one in {@code DEFAULT} of a class that makes no others. */
  ByteBufAllocator create() {
    try {
      return (ByteBufAllocator) instances.call();
    } catch (InvocationTargetException e) {
      throw cannot(e.getCause());
    } catch (Exception | LinkageError e) {
      throw cannot(e);
    }
  }

  private IllegalStateException cannot(@Nullable Throwable cause) {
    return new IllegalStateException(
        "an allocator of class " + type.getName() + " cannot be made: " + cause, cause);
  }
}
