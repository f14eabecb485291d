# A pipeline is one transaction: one read, and one replacement of each file when the input ends, or none.

BeforeAll {
    . $PSScriptRoot/common.ps1

    $changes = @{
        Disable = { $input | Disable-PgEdgeUser -Path $file @args }
        Set     = { $input | Set-PgEdgeUser -Annotation Lead -Path $file @args }
        Remove  = { $input | Remove-PgEdgeUser -Path $file -Confirm:$false @args }
    }

    # The file without charlie, as another program would leave it.
    function Remove-Charlie([string] $File) {
        $text = Get-Text $File
        Set-UserFile $File $text.Substring(0, $text.IndexOf('    charlie:'))
    }
}

Describe 'A pipeline' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'writes the file once, after the last input and before the first output' {
        $version = { (Get-Item $file).LastWriteTimeUtc }
        $before = & $version
        $during = [System.Collections.Generic.List[datetime]]::new()

        $result = Invoke-Script {
            'alice', 'bob' | ForEach-Object { $_; $during.Add((& $version)) } -End { $during.Add((& $version)) } |
                Set-PgEdgeUser -Annotation Lead -Path $file -PassThru -Verbose | ForEach-Object { & $version }
        }

        $during | Should -Be $before, $before, $before
        $result.Output | Should -Be (& $version), (& $version)
        (& $version) | Should -Not -Be $before
        $result.Verbose | Should -Contain "Users changed in the user file '$file': 2."
        $result.Verbose | Should -Contain "Wrote $((Get-Item $file).Length) bytes while holding the lock '$file.lock'."
        (Get-PgEdgeUser -Path $file).Annotation | Should -Be Lead, Lead, 'Former emp'
        Get-Field $file bob annotation | Should -BeExactly 'Lead # of the night shift'
    }

    It 'has written all of its files even if only the first output is taken' {
        $files = $file, (New-UserFile)

        $files | ForEach-Object { Get-PgEdgeUser -Path $_ } | Set-PgEdgeUser -Annotation Lead -PassThru |
            Select-Object -First 1 | Should -HaveCount 1

        ($files | ForEach-Object { Get-PgEdgeUser -Path $_ }).Annotation | Should -Be (@('Lead') * 6)
    }

    It 'over two files changes both' {
        $other = New-UserFile
        $before = Get-Text $other

        & { Get-PgEdgeUser alice -Path $file; Get-PgEdgeUser bob -Path $other } | Disable-PgEdgeUser

        (Get-PgEdgeUser -Path $file).Status | Should -Be Disabled, Enabled, Disabled
        Get-Text $other |
            Should -BeExactly ($before -creplace '(?<=last_login: null\n        enabled: )true', 'false')
    }

    It 'does not write what would not change: <Command>' -ForEach @(
        @{ Command = { Disable-PgEdgeUser charlie -Path $file -PassThru }; Users = 'charlie' }
        @{ Command = { Enable-PgEdgeUser alice, bob -Path $file -PassThru }; Users = 'alice bob' }
        @{ Command = { Set-PgEdgeUser alice -Annotation Developer -Path $file -PassThru }; Users = 'alice' }
        @{ Command = { Remove-PgEdgeUser x* -Path $file -Confirm:$false }; Users = '' }
        @{ Command = { @() | Disable-PgEdgeUser -Path $file }; Users = '' }
    ) {
        "$(& $Command)" | Should -BeExactly $Users

        Test-Untouched $file | Should -BeTrue
    }

    It 'changes the other users if a name does not exist: <_>' -ForEach Disable, Set, Remove {
        $before = Get-PgEdgeUser -Path $file | ForEach-Object { "$_ $($_.Status) $($_.Annotation)" }

        $result = Invoke-Script { 'alice', 'dora', 'bob', 'x*', 'Bob' | & $changes[$_] }

        $result.Failures | Should -BeExactly 'UserNotFound: dora', 'UserNotFound: Bob'
        $after = Get-PgEdgeUser -Path $file | ForEach-Object { "$_ $($_.Status) $($_.Annotation)" }
        $after | Should -Contain $before[2]
        $after | Should -Not -Contain $before[0]
        $after | Should -Not -Contain $before[1]
    }

    It 'enables the other users if a name does not exist' {
        (Invoke-Script { 'dora', 'charlie' | Enable-PgEdgeUser -Path $file }).Failures |
            Should -BeExactly 'UserNotFound: dora'

        Get-Field $file charlie enabled | Should -Be true
    }

    It 'changes nobody if errors stop and a name does not exist: <_>' -ForEach Disable, Set, Remove {
        $names = 'alice', 'bob', 'dora', 'charlie'

        $results = @(
            Invoke-Script { $names | & $changes[$_] -ErrorAction Stop }
            Invoke-Script { $ErrorActionPreference = 'Stop'; $names | & $changes[$_] }
        )

        $results.Failures | Should -BeExactly 'UserNotFound: dora', 'UserNotFound: dora'

        Test-Untouched $file | Should -BeTrue
    }

    It 'that stops before its end changes nothing' {
        {
            'alice', 'bob' | ForEach-Object { $_ } -End { throw 'The source failed.' } | Disable-PgEdgeUser -Path $file
        } | Should -Throw 'The source failed.'

        Test-Untouched $file | Should -BeTrue
    }

    It 'that Ctrl+C ends before its input ends changes nothing' {
        $shell = New-PowerShell -File $file {
            'alice', 'bob' | ForEach-Object { $_ } -End { Write-Progress 'at the end'; for () { } } |
                Disable-PgEdgeUser -Path $file
        }
        $running = $shell.BeginInvoke()
        while (-not $running.IsCompleted -and -not $shell.Streams.Progress) {
            Start-Sleep -Milliseconds 10
        }
        $shell.Stop()

        $shell.InvocationStateInfo.State | Should -Be Stopped
        Test-Untouched $file | Should -BeTrue
        $shell.Dispose()
    }

    It 'sees users that an earlier command of the pipeline adds' {
        $password = New-Secret $Passwords.new

        'erin', 'frank' | ForEach-Object { New-PgEdgeUser $_ -Password $password -Path $file } |
            Disable-PgEdgeUser -Path $file

        (Get-PgEdgeUser -Status Enabled -Path $file).Username | Should -Be alice, bob
    }

    It 'keeps what an earlier command of the pipeline changes meanwhile' {
        'alice', 'bob' | ForEach-Object { Set-PgEdgeUser charlie -Annotation "seen $_" -Path $file; $_ } |
            Disable-PgEdgeUser -Path $file

        Get-PgEdgeUser -Path $file | ForEach-Object { "$($_.Status) $($_.Annotation)" } |
            Should -Be 'Disabled Developer', 'Disabled Admin', 'Disabled seen bob'
    }
}

Describe 'A file that changes before the end of the pipeline' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'is not changed if it can no longer be read' {
        $result = Invoke-Script {
            'alice' | ForEach-Object { $_ } -End { Set-UserFile $file "users: [a]`n" } |
                Disable-PgEdgeUser -Path $file -PassThru
        }

        $result.Failures | Should -BeExactly "UserFileInvalid: $file"
        $result.Output | Should -BeNullOrEmpty
        Test-Untouched $file | Should -BeTrue
    }

    It 'is reported after the output for the files before it, which holds their generated passwords' {
        $second = New-UserFile
        $null = New-Item "$second.lock" -ItemType Directory

        $result = Invoke-Script {
            & { Get-PgEdgeUser alice -Path $file; Get-PgEdgeUser alice -Path $second } |
                Set-PgEdgeUser -GeneratePassword
        }

        $result.Output.Path | Should -BeExactly $file
        $result.Output.GeneratedPassword | Should -BeOfType securestring
        $result.Failures | Should -BeLike "*: $second"
        Test-Untouched $second | Should -BeTrue
    }

    It 'keeps the files after it from being changed if it cannot be changed' {
        $second, $third = (New-UserFile), (New-UserFile)
        $null = New-Item "$second.lock" -ItemType Directory

        $users = $file, $second, $third | ForEach-Object { Get-PgEdgeUser bob -Path $_ }

        $result = Invoke-Script { $users | Set-PgEdgeUser -Annotation Lead -PassThru }

        $result.Output.Path | Should -BeExactly $file
        $result.Errors.TargetObject | Should -BeExactly $second
        Get-Field $file bob annotation | Should -BeExactly 'Lead # of the night shift'
        Test-Untouched $second | Should -BeTrue
        Test-Untouched $third | Should -BeTrue
    }

    It 'is changed for the other users if it has lost one' {
        $result = Invoke-Script {
            'charlie', 'alice' | ForEach-Object { $_ } -End { Remove-Charlie $file } |
                Set-PgEdgeUser -Annotation Lead -Path $file -PassThru
        }

        "$($result.Output)" | Should -BeExactly alice
        $result.Failures | Should -BeExactly 'UserNotFound: charlie'
        Get-PgEdgeUser -Path $file | ForEach-Object { "$_ $($_.Annotation)" } |
            Should -BeExactly 'alice Lead', 'bob Admin'
    }

    It 'is not changed if it has lost a user under <Setting>' -ForEach @(
        @{ Setting = '-ErrorAction Stop'; Parameters = @{ ErrorAction = 'Stop' }; Preference = 'Continue' }
        @{ Setting = '$ErrorActionPreference'; Parameters = @{}; Preference = 'Stop' }
    ) {
        $result = Invoke-Script {
            $ErrorActionPreference = $Preference
            'alice', 'charlie' | ForEach-Object { $_ } -End { Remove-Charlie $file } |
                Set-PgEdgeUser -Annotation Lead -Path $file -PassThru -Verbose @Parameters
        }

        $result.Failures | Should -BeExactly 'UserNotFound: charlie'
        $result.Output | Should -BeNullOrEmpty
        $result.Verbose | Should -Not -BeLike 'Users changed in*'
        Test-Untouched $file | Should -BeTrue
    }

    It 'is refreshed for the checks of -WhatIf, too' {
        # The question of -WhatIf goes to the screen, which is not that of this test.
        $shell = New-PowerShell -File $file {
            'dora', 'dora' |
                ForEach-Object { Set-PgEdgeUser charlie -Annotation "$([guid]::NewGuid())" -Path $file; $_ } |
                New-PgEdgeUser -WhatIf -Path $file
        }
        $null = $shell.Invoke()

        $shell.Streams.Error | ForEach-Object { "$($_.FullyQualifiedErrorId): $($_.TargetObject)" } |
            Should -BeExactly 'UserExists,PgEdgeUsers.Commands.NewPgEdgeUserCommand: dora'
        $shell.Dispose()
    }
}

Describe 'A change that another program may have overwritten' -Skip:(-not $IsLinux) {
    It 'is warned of: <Command>' -ForEach @(
        @{ Command = { Disable-PgEdgeUser bob -Path $file } }
        @{ Command = { Repair-PgEdgeUserFile $file } }
    ) {
        $file = New-UserFile
        Edit-UserFile $file 'username: alice' 'username: Alice'
        # Watches the folder, as a server does, and deletes the file as soon as it changes.
        $server = Start-Job {
            $watcher = [System.IO.FileSystemWatcher]::new((Split-Path $using:file))
            $watcher.EnableRaisingEvents = $true
            $before = [System.IO.File]::GetLastWriteTimeUtc($using:file)
            'watching'
            do { $now = [System.IO.File]::GetLastWriteTimeUtc($using:file) } while ($now -eq $before)
            [System.IO.File]::Delete($using:file)
        }
        while (-not (Receive-Job $server -Keep)) {
            $server.State | Should -Be Running
            Start-Sleep -Milliseconds 20
        }

        $warnings = (Invoke-Script $Command).Warnings

        Remove-Item $file -ErrorAction Ignore
        # Not -AutoRemoveJob, which sometimes looks for the job after it has removed it.
        Wait-Job $server | Receive-Job -ErrorAction Stop | Should -Be watching
        Remove-Job $server
        $warnings.Where({ $_.StartsWith("The change to the user file '$file' may have been overwritten") }) |
            Should -HaveCount 1
    }
}
