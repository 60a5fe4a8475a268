package dev.tern.rescale.scheduler;

import org.apache.flink.runtime.scheduler.adaptive.StateTransitionManager;

import java.util.function.Function;

/**
 * A state transition manager that can be paused and started afresh.
 *
 * <p>Flink's is one-shot: its last phase is final, because the state that owns it is left. A live
 * rescale stays in the state. JobMaster main thread.
 */
final class RestartableTransitionManager implements StateTransitionManager {

    private final Function<Context, StateTransitionManager> factory;
    private Context context;
    private StateTransitionManager delegate;
    private boolean paused;
    private boolean spent;

    RestartableTransitionManager(Function<Context, StateTransitionManager> factory) {
        this.factory = factory;
    }

    /** Called by the constructor of the state, which is the context. */
    StateTransitionManager bind(Context owner) {
        context = owner;
        delegate = factory.apply(owner);
        return this;
    }

    /** Our own changes of slots and requirements must not set anything off. */
    void pause() {
        paused = true;
    }

    boolean isPaused() {
        return paused;
    }

    /** It has decided on a transition, its last act. Tells whether that counts now. */
    boolean decided() {
        spent = true;
        return !paused;
    }

    /** The job has changed in place: starts afresh, cooldown first. */
    void restart() {
        spent = true;
        resume();
    }

    /** Goes on, afresh if need be, and looks once at what may have been missed. */
    void resume() {
        paused = false;
        if (spent) {
            spent = false;
            delegate.close();
            delegate = factory.apply(context);
        }
        delegate.onChange();
    }

    @Override
    public void onChange() {
        if (!paused) {
            delegate.onChange();
        }
    }

    @Override
    public void onTrigger() {
        if (!paused) {
            delegate.onTrigger();
        }
    }

    @Override
    public void close() {
        delegate.close();
    }
}
