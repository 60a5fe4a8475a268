package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.runtime.io.network.netty.SSLHandlerFactory;
import org.apache.flink.runtime.net.SSLUtils;

import org.apache.flink.shaded.netty4.io.netty.bootstrap.Bootstrap;
import org.apache.flink.shaded.netty4.io.netty.bootstrap.ServerBootstrap;
import org.apache.flink.shaded.netty4.io.netty.buffer.PooledByteBufAllocator;
import org.apache.flink.shaded.netty4.io.netty.channel.AdaptiveRecvByteBufAllocator;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFuture;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInitializer;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelOption;
import org.apache.flink.shaded.netty4.io.netty.channel.WriteBufferWaterMark;
import org.apache.flink.shaded.netty4.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.nio.NioSocketChannel;
import org.apache.flink.shaded.netty4.io.netty.util.concurrent.DefaultThreadFactory;
import org.apache.flink.shaded.netty4.io.netty.util.concurrent.EventExecutor;

import javax.annotation.Nullable;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The sockets of a process: event loops, buffers, TLS. Thread-safe. */
final class TransferNet implements AutoCloseable {

    private static final int EVENT_LOOPS = 2;
    private static final int PAGE_BYTES = 8 * 1024;

    /** 8 KiB pages doubled nine times: the pool takes memory 4 MiB at a time. */
    private static final int PAGE_DOUBLINGS = 9;

    private static final int MAX_READ_BYTES = 256 * 1024;
    private static final long MAX_CLOSE_SECONDS = 10;

    private final TransferSettings settings;
    private final PooledByteBufAllocator allocator;
    private final NioEventLoopGroup loops;
    @Nullable private final SSLHandlerFactory serverTls;
    @Nullable private final SSLHandlerFactory clientTls;

    /**
     * @param threadName prefix of the event loops' thread names
     * @throws TransferException if TLS is configured, but wrongly
     */
    TransferNet(String threadName, Configuration conf, TransferSettings settings)
            throws TransferException {
        this.settings = settings;
        try {
            boolean tls = isTlsEnabled(conf);
            serverTls = tls ? SSLUtils.createInternalServerSSLEngineFactory(conf) : null;
            clientTls = tls ? SSLUtils.createInternalClientSSLEngineFactory(conf) : null;
        } catch (Exception e) {
            throw new TransferException(
                    "The state transfer cannot set up TLS; check security.ssl.internal.*: " + e, e);
        }
        // Own arenas without thread caches: what is not in use can be counted, and is small.
        allocator =
                new PooledByteBufAllocator(true, 1, 1, PAGE_BYTES, PAGE_DOUBLINGS, 0, 0, false, 0);
        loops = new NioEventLoopGroup(EVENT_LOOPS, new DefaultThreadFactory(threadName, true));
    }

    /** As for Flink's own data connections between TaskManagers. */
    private static boolean isTlsEnabled(Configuration conf) {
        return SecurityOptions.isInternalSSLEnabled(conf)
                && conf.get(NettyShuffleEnvironmentOptions.DATA_SSL_ENABLED);
    }

    /**
     * Opens the server on the first free port.
     *
     * @param peers makes the serving end of each connection
     * @throws TransferException if there is none
     */
    Channel bind(String host, Supplier<Peer> peers) throws TransferException {
        ServerBootstrap server =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.ALLOCATOR, allocator)
                        .childOption(ChannelOption.ALLOCATOR, allocator)
                        .childOption(ChannelOption.RCVBUF_ALLOCATOR, reads())
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, unsent())
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        initServer(channel, peers.get());
                                    }
                                });
        Throwable reason = null;
        for (int port : settings.ports()) {
            ChannelFuture bound =
                    server.bind(new InetSocketAddress(host, port)).awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            reason = bound.cause();
        }
        throw new TransferException(
                "No port for the state transfer on "
                        + host
                        + ": tried "
                        + settings.ports().size()
                        + " from "
                        + TransferOptions.PORT.key()
                        + ", the last one failed with "
                        + reason,
                reason);
    }

    private void initServer(Channel channel, Peer peer) {
        if (serverTls != null) {
            channel.pipeline().addLast(serverTls.createNettySSLHandler(channel.alloc()));
        }
        channel.pipeline().addLast(new FrameHandler(peer, FrameLimits.stranger(), settings));
    }

    /**
     * Connects to an old owner's process; a failure reaches {@link Peer#broken}. Blocks while the
     * name is looked up.
     */
    void connect(TransferEndpoint to, Peer peer) {
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.RCVBUF_ALLOCATOR, reads())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        (int) TimeUnit.NANOSECONDS.toMillis(settings.timeoutNanos()))
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                initClient(channel, to, peer);
                            }
                        })
                .connect(new InetSocketAddress(to.host(), to.port()))
                .addListener(
                        (ChannelFuture connected) -> {
                            if (!connected.isSuccess()) {
                                peer.broken(connected.cause());
                            }
                        });
    }

    private void initClient(Channel channel, TransferEndpoint to, Peer peer) {
        if (clientTls != null) {
            channel.pipeline()
                    .addLast(
                            clientTls.createNettySSLHandler(channel.alloc(), to.host(), to.port()));
        }
        FrameLimits limits = FrameLimits.oldOwner(settings.payloadBytes());
        channel.pipeline().addLast(new FrameHandler(peer, limits, settings));
    }

    private static AdaptiveRecvByteBufAllocator reads() {
        return new AdaptiveRecvByteBufAllocator(PAGE_BYTES, PAGE_BYTES, MAX_READ_BYTES);
    }

    /**
     * A writer pauses with two chunks unsent, so that direct memory does not grow with the credit:
     * what is under way beyond them lies in the sockets and with the new owner.
     */
    private WriteBufferWaterMark unsent() {
        return new WriteBufferWaterMark(settings.chunkBytes(), 2 * settings.chunkBytes());
    }

    /** Whether a thread must not wait for the network because it is the network. */
    boolean isEventLoop() {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /** Buffers that are in use at the moment. */
    long buffersInUse() {
        return allocator.metric().heapArenas().get(0).numActiveAllocations()
                + allocator.metric().directArenas().get(0).numActiveAllocations();
    }

    /** Waits for the end that {@link #close()} has begun. */
    boolean awaitClosed(long timeout, TimeUnit unit) throws InterruptedException {
        return loops.awaitTermination(timeout, unit);
    }

    /** Closes all connections and ends the event loops, without waiting. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, MAX_CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
