# What is shown while a cmdlet works, and what Ctrl+C leaves.

BeforeAll {
    . $PSScriptRoot/common.ps1

    $add = '1..{0} | ForEach-Object {{ "user$_" }} | New-PgEdgeUser -Password $args[0] -Path $file'
}

Describe 'Progress' {
    BeforeEach {
        $file = New-UserFile
    }

    AfterEach {
        $shell.Dispose()
    }

    It 'counts the hashed passwords and estimates the remaining time' {
        $shell = New-PowerShell ($add -f 6) $file
        $null = $shell.AddArgument((New-Secret $Passwords.new)).Invoke()

        $progress = $shell.Streams.Progress
        $progress.ForEach({ "$($_.StatusDescription), $($_.PercentComplete)%" }) |
            Should -Be '1 of 6, 16%', '2 of 6, 33%', '3 of 6, 50%', '4 of 6, 66%', '5 of 6, 83%', '6 of 6, 100%'
        $progress.RecordType | Should -Be (@('Processing') * 5 + 'Completed')
        $progress.SecondsRemaining | Where-Object { $_ -lt 0 -or $_ -gt 600 } | Should -BeNullOrEmpty
        $progress[5].SecondsRemaining | Should -Be 0
        $progress | ForEach-Object { "$($_.ActivityId) $($_.Activity)" } | Select-Object -Unique | Should -HaveCount 1
    }

    It 'is not shown for a few passwords' {
        $shell = New-PowerShell ($add -f 4) $file
        $null = $shell.AddArgument((New-Secret $Passwords.new)).Invoke()

        $shell.HadErrors | Should -BeFalse
        $shell.Streams.Progress | Should -BeNullOrEmpty
    }

    It 'shows who holds the lock while a change waits for it' {
        # .NET locks a file in the way that the module does.
        $holder = [System.IO.FileStream]::new("$file.lock", 'Create', 'ReadWrite', 'None')
        chmod 600 "$file.lock"
        $shell = New-PowerShell 'Disable-PgEdgeUser bob -Path $file -Verbose' $file
        $running = $shell.BeginInvoke()
        while (-not $running.IsCompleted -and -not $shell.Streams.Progress) {
            Start-Sleep -Milliseconds 10
        }
        $holder.Dispose()
        $null = $shell.EndInvoke($running)

        $shell.Streams.Progress.RecordType | Should -Be Processing, Completed
        $shell.Streams.Progress[0].StatusDescription | Should -BeLike "'$file' is being changed by *"
        "$($shell.Streams.Verbose)" | Should -BeLike '*Waiting for it to finish*'
        Get-Field $file bob enabled | Should -Be false
    }
}

Describe 'Ctrl+C' {
    It 'while passwords are hashed changes nothing and leaves no file' {
        $file = New-UserFile
        $shell = New-PowerShell ($add -f 50) $file
        $running = $shell.AddArgument((New-Secret $Passwords.new)).BeginInvoke()
        while (-not $running.IsCompleted -and -not $shell.Streams.Progress) {
            Start-Sleep -Milliseconds 10
        }
        $shell.Stop()

        $shell.InvocationStateInfo.State | Should -Be Stopped
        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -BeNullOrEmpty
        $shell.Dispose()
    }
}
